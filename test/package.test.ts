import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('package', () => {
  it('has at most six dependencies, as the Node-RED scorecard asks', () => {
    assert.ok(Object.keys(manifest.dependencies).length <= 6);
  });

  it('says which Node-RED and Node it needs, and can be found', () => {
    assert.equal(manifest['node-red'].version, '>=4.1.0');
    assert.equal(manifest.engines.node, '>=20');
    assert.ok(manifest.keywords.includes('node-red'));
    assert.ok(manifest.license && manifest.repository);
  });

  it('holds every node, example and icon that it names, and no test', () => {
    const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: process.platform === 'win32',
    });
    const [pack] = Object.values<{ files: { path: string }[] }>(JSON.parse(listing));
    const paths = pack?.files.map((file) => file.path) ?? [];
    const named = [
      ...Object.values(manifest['node-red'].nodes),
      ...Object.values(manifest['node-red'].plugins),
    ];
    for (const path of named) assert.ok(paths.includes(String(path)), String(path));
    assert.ok(paths.some((path) => path.startsWith('examples/')));
    assert.deepEqual(
      paths.filter((path) => path.startsWith('dist/test') || path.startsWith('dist/bench')),
      [],
    );
    assert.ok(existsSync(join(root, manifest.main)));
  });
});

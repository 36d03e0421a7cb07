import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { newestNodeRed } from '../../scripts/node-red-home.ts';
import { alternate, type Row } from '../measured.ts';

const ROUNDS = 5;
const root = join(__dirname, '../../..');

/** Prints the milliseconds that loading the files of its arguments takes. */
const SCRIPT = `const begin = performance.now();
process.argv.slice(1).forEach((file) => require(file));
console.log(performance.now() - begin);
process.exit(0);`;

/** What installing this package adds to the start of Node-RED. */
export const loadTime: Row = {
  name: 'load-time',
  async run() {
    const time = async (files: string[]) =>
      Number(execFileSync(process.execPath, ['-e', SCRIPT, ...files], { encoding: 'utf8' }));
    const [ours, core] = await alternate(
      ROUNDS,
      () => time(ourNodes()),
      () => time(coreNodes()),
    );
    const detail = `${ours.toFixed(0)} and ${core.toFixed(0)} ms`;
    return [{ what: 'load time of all nodes', against: "Node-RED's core nodes", value: ours / core, detail }];
  },
};

function ourNodes(): string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    'node-red': { nodes: Record<string, string> };
  };
  return Object.values(manifest['node-red'].nodes).map((file) => join(root, file));
}

function coreNodes(): string[] {
  const fromNodeRed = createRequire(require.resolve(newestNodeRed()));
  const core = join(dirname(fromNodeRed.resolve('@node-red/nodes/package.json')), 'core');
  const files = readdirSync(core, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /^\w+[/\\][^/\\]+\.js$/.test(file)).map((file) => join(core, file));
}

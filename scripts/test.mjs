// Runs all tests or the given files, such as test/src/mqtt/topic.test.ts. Options are passed to Mocha.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMissing } from './install.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
installMissing('test/nodes/real-nodes/packages');

const given = process.argv.slice(2).map(compiled);
const files = given.some((argument) => argument.endsWith('.test.js')) ? [] : allFiles();
const mocha = 'node_modules/mocha/bin/mocha.js';
const { status } = spawnSync(process.execPath, [mocha, ...files, ...given], { stdio: 'inherit' });
process.exitCode = status ?? 1;

/** Returns the compiled file of a source file. */
function compiled(argument) {
  return argument.replace(/^test\/(.*)\.ts$/, 'dist/test/$1.js');
}

/** Returns all test files, the slowest first, so that the parallel processes finish at about the same time. */
function allFiles() {
  const slow = [
    'editor',
    'nodes/real-nodes',
    'src/project',
    'src/queue',
    'python-workers',
    'examples',
    'nodes',
    'fuzz',
  ];
  const rank = (file) => {
    const found = slow.findIndex((name) => file.startsWith(join('dist/test', name)));
    return found < 0 ? slow.length : found;
  };
  return readdirSync('dist/test', { recursive: true })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => join('dist/test', file))
    .toSorted((a, b) => rank(a) - rank(b));
}

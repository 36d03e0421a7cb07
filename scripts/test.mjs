// Runs the tests: all of them, or those of the files named, such as test/src/mqtt/topic.test.ts. Options go to Mocha.
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

/** The compiled file of a source file. */
function compiled(argument) {
  return argument.replace(/^test\/(.*)\.ts$/, 'dist/test/$1.js');
}

/** Those that take longest come first: a run ends when the last of its processes has nothing left to do. */
function allFiles() {
  const slow = ['editor', 'src/queue/store/embedded', 'nodes/real-nodes', 'nodes', 'examples'];
  const rank = (file) => {
    const found = slow.findIndex((name) => file.startsWith(join('dist/test', name)));
    return found < 0 ? slow.length : found;
  };
  return readdirSync('dist/test', { recursive: true })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => join('dist/test', file))
    .toSorted((a, b) => rank(a) - rank(b));
}

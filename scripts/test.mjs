// Runs all tests or the given files, such as test/src/mqtt/topic.test.ts. Options are passed to Mocha.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMissing } from './install.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
installMissing('test/nodes/real-nodes/packages');

const given = process.argv.slice(2).map(compiled);
const hasFiles = given.some((argument) => argument.endsWith('.test.js'));
// Errors in given files are shown at lines of their sources. In a run of all files, source maps would take a twentieth of the time.
const added = hasFiles ? ['--enable-source-maps'] : allFiles();
const mocha = 'node_modules/mocha/bin/mocha.js';
const { status } = spawnSync(process.execPath, [mocha, ...added, ...given], { stdio: 'inherit' });
process.exitCode = status ?? 1;

/** Returns the compiled file of a source file. */
function compiled(argument) {
  return argument.replace(/^test\/(.*)\.ts$/, 'dist/test/$1.js');
}

/**
 * Returns all test files in the order in which they start, so that the processors are busy to the end: the slowest first; then
 * those of the nodes, which mostly wait, evenly among the others.
 */
function allFiles() {
  const slowest = [
    'editor/',
    'nodes/real-nodes/',
    'nodes/fp-worker.',
    'src/project/python/open-python.',
    'examples.',
    'src/queue/store/store-away.',
    'src/queue/store/embedded/damage.',
    'nodes/fp-subscribe.',
    'nodes/blocked.',
    'one-schedule.',
  ];
  const all = readdirSync('dist/test', { recursive: true }).filter((file) => file.endsWith('.test.js'));
  const first = slowest.flatMap((name) => all.filter((file) => file.startsWith(name)));
  const others = all.filter((file) => !first.includes(file));
  const mixed = mix(
    others.filter((file) => file.startsWith('nodes/')),
    others.filter((file) => !file.startsWith('nodes/')),
  );
  return [...first, ...mixed].map((file) => join('dist/test', file));
}

/** Returns all of some lists, each in its order and evenly among the others. */
function mix(...lists) {
  const placed = lists.flatMap((list) => list.map((file, n) => ({ file, place: n / list.length })));
  return placed.toSorted((a, b) => a.place - b.place).map(({ file }) => file);
}

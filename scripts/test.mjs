// Runs the tests: all of them, or those of the files named, such as test/src/mqtt/topic.test.ts. Options go to Mocha.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMissing } from './install.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
installMissing('test/nodes/real-nodes/packages');

const given = process.argv.slice(2).map(compiled);
const files = given.some((argument) => argument.endsWith('.test.js')) ? [] : ['dist/test/**/*.test.js'];
const mocha = 'node_modules/mocha/bin/mocha.js';
const { status } = spawnSync(process.execPath, [mocha, ...files, ...given], { stdio: 'inherit' });
process.exitCode = status ?? 1;

/** The compiled file of a source file. */
function compiled(argument) {
  return argument.replace(/^test\/(.*)\.ts$/, 'dist/test/$1.js');
}

// Keeps dist/ up to date: compiles changed files, copies forms and labels, and bundles the editor's script.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { copyAssets } from './assets.mjs';

await import('./setup.mjs');

const compiler = ['node_modules/typescript/bin/tsc', '--watch', '--preserveWatchOutput'];
spawn(process.execPath, compiler, { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1));

let planned;
watch('nodes', { recursive: true }, () => {
  clearTimeout(planned);
  planned = setTimeout(copyAssets, 100);
});

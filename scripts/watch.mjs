// Keeps dist/ built: compiles what changes, and copies forms, labels and the editor's script anew.
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

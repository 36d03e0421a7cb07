// Compiles src, nodes, test, bench and scripts to dist/, and copies their other files.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyAssets } from './assets.mjs';
import { packDatabase } from './pack-database.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc'], { stdio: 'inherit' });
copyAssets();
await packDatabase('dist/src/queue/store/embedded/process/template.br');

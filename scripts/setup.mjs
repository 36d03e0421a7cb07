// Makes a fresh clone ready: installs what is missing and builds. Needs Node and npm, nothing else.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMissing } from './install.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

installMissing('.');
await import('./build.mjs');

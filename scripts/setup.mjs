// Prepares a clone: installs missing packages and builds. Only needs Node.js and npm.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installMissing } from './install.mjs';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

installMissing('.');
await import('./build.mjs');

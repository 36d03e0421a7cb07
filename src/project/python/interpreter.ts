import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the path of the executable; `python` may be the folder of a virtual environment. */
export function interpreterOf(python: string): string {
  if (!existsSync(python) || !statSync(python).isDirectory()) return python;
  return process.platform === 'win32' ? join(python, 'Scripts', 'python.exe') : join(python, 'bin', 'python');
}

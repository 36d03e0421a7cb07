import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The executable of `python`, which may be the directory of a virtual environment. */
export function interpreterOf(python: string): string {
  if (!existsSync(python) || !statSync(python).isDirectory()) return python;
  return process.platform === 'win32' ? join(python, 'Scripts', 'python.exe') : join(python, 'bin', 'python');
}

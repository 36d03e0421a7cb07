import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The number of the process that works on an embedded store's directory. */
export function databaseProcess(directory: string): number {
  const { keeper } = JSON.parse(readFileSync(join(directory, 'lock'), 'utf8')) as { keeper: { pid: number } };
  return keeper.pid;
}

/** Ends it at once, as a crash or the kernel's out-of-memory killer would. */
export function killDatabase(directory: string): void {
  process.kill(databaseProcess(directory), 'SIGKILL');
}

import { closeSync, fsyncSync, openSync } from 'node:fs';

/**
 * Writes a file, or the entries of a directory, to the disk (fsync). Blocks, as PostgreSQL's own writes do: asynchronous
 * calls take several times as much processor time for the hundreds of files of a new database.
 */
export function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Writes the entries of a directory to the disk. Not on Windows, where NTFS journals them. */
export function syncDirectory(path: string): void {
  if (process.platform !== 'win32') sync(path);
}

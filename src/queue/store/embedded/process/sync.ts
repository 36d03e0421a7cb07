import { open } from 'node:fs/promises';

/** Writes a file, or the entries of a directory, to the disk (fsync). */
export async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes the entries of a directory to the disk. Not on Windows, where NTFS journals them. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform !== 'win32') await sync(path);
}

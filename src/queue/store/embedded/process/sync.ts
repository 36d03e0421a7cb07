import { open } from 'node:fs/promises';

/** Waits until a file, or the entries of a directory, are on the disk. */
export async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The same for a directory; Windows has no such thing, NTFS keeps a log of its directories. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform !== 'win32') await sync(path);
}

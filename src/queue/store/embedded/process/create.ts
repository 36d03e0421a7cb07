import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TEMPLATE, unpack } from './archive.ts';
import { syncDirectory } from './sync.ts';

/**
 * Makes an empty database in `data` unless there is one. It comes from a template, for PostgreSQL's initdb takes
 * 700 MB of memory. A crash in the middle leaves nothing half made.
 */
export async function createIfMissing(data: string): Promise<void> {
  if (existsSync(data)) return;
  const making = `${data}.new`;
  await rm(making, { recursive: true, force: true });
  await unpack(await readFile(TEMPLATE), making);
  await rename(making, data);
  await syncDirectory(dirname(data));
}

/** Makes a directory that stays after a power cut. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!first) return;
  for (let made = directory; made.length >= first.length; made = join(made, '..')) {
    await syncDirectory(join(made, '..'));
  }
}

import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
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

import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TEMPLATE, unpack } from './archive.ts';
import { syncDirectory } from './sync.ts';

/**
 * Creates an empty database in `data` if it is missing. Uses a template, because PostgreSQL's initdb needs 700 MB of
 * memory. After a crash, `data` is either complete or missing.
 */
export async function createIfMissing(data: string): Promise<void> {
  if (existsSync(data)) return;
  const temporary = `${data}.new`;
  await rm(temporary, { recursive: true, force: true });
  await unpack(await readFile(TEMPLATE), temporary);
  await rename(temporary, data);
  syncDirectory(dirname(data));
}

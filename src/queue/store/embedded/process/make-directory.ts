import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from './sync.ts';

/** Creates a directory that survives a power cut. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (!first) return;
  for (let made = directory; made.length >= first.length; made = join(made, '..')) {
    syncDirectory(join(made, '..'));
  }
}

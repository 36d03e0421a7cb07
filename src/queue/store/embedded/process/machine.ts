import { access, constants, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createIfMissing } from './create.ts';
import { openPGlite } from './pglite.ts';
import { sync } from './sync.ts';

/** Words of the operating system, of V8 and of PostgreSQL for what is wrong with the machine, not with the files. */
const WORDS =
  /No space left|quota exceeded|Permission denied|Read-only|Too many open files|file descriptors|I\/O error|out of memory|allocate memory/i;

/** Bytes that must fit on the disk before a failure is blamed on the files. */
const PROBE_SIZE = 4 * 1024 * 1024;

/** Whether a failure to open says itself that the files are not at fault. */
export function blamesMachine({ message, cause }: Error): boolean {
  // V8 throws a RangeError when there is no memory for WebAssembly, an array or the stack.
  return cause instanceof RangeError || WORDS.test(message);
}

interface Suspicion {
  data: string;
  /** Why its files may be damaged. */
  damage: string;
  /** Where an empty database is kept: each try would write it anew. */
  spare: string;
}

/** Throws if the machine cannot run an empty database either, for whatever reason: then the files may be well. */
export async function checkMachine({ data, damage, spare }: Suspicion): Promise<void> {
  await checkDisk(data);
  await createIfMissing(spare);
  try {
    const postgres = await openPGlite(spare);
    await postgres.close();
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${damage}; an empty database does not open either: ${message}`, { cause: error });
  }
}

/** Throws if the disk is full, or files cannot be read or written. */
async function checkDisk(data: string): Promise<void> {
  for (const path of await readdir(data, { recursive: true })) {
    await access(join(data, path), constants.R_OK | constants.W_OK);
  }
  const probe = join(dirname(data), 'probe');
  try {
    await writeFile(probe, Buffer.alloc(PROBE_SIZE));
    await sync(probe);
  } finally {
    await rm(probe, { force: true });
  }
}

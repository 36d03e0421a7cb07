import { access, constants, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createIfMissing } from './create.ts';
import { openPGlite } from './pglite.ts';
import { sync } from './sync.ts';

/** Error messages of the system, V8 and PostgreSQL that mean a problem of the machine, not of the files. */
const WORDS =
  /No space left|quota exceeded|Permission denied|Read-only|Too many open files|file descriptors|I\/O error|out of memory|allocate memory/i;

/** Bytes that must fit on the disk; otherwise the disk is full. */
const PROBE_SIZE = 4 * 1024 * 1024;

/** Tells whether the error itself shows that the machine is the cause, not the files. */
export function blamesMachine({ message, cause }: Error): boolean {
  // V8 throws a RangeError if memory for WebAssembly, an array or the stack is short.
  return cause instanceof RangeError || WORDS.test(message);
}

interface Suspicion {
  data: string;
  /** The error that may mean damaged files. */
  damage: string;
  /** Directory of an empty database, kept so that each attempt need not write it again. */
  spare: string;
}

/** Throws if an empty database fails to open as well: the cause is the machine, not the data directory. */
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

/** Throws if the disk is full, or if files are not readable and writable. */
async function checkDisk(data: string): Promise<void> {
  for (const path of await readdir(data, { recursive: true })) {
    await access(join(data, path), constants.R_OK | constants.W_OK);
  }
  const probe = join(dirname(data), 'probe');
  try {
    await writeFile(probe, Buffer.alloc(PROBE_SIZE));
    sync(probe);
  } finally {
    await rm(probe, { force: true });
  }
}

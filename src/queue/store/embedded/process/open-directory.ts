import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GiveUpError } from '../../../../errors.ts';
import { createIfMissing } from './create.ts';
import { checkCopies, knownDamage, reportDamage, setAside } from './damage.ts';
import { acquireLock, type Holder } from './lock.ts';
import { blamesMachine, checkMachine } from './machine.ts';
import { makeDirectory } from './make-directory.ts';
import { openPGlite, type Postgres } from './pglite.ts';

interface OpenOptions {
  directory: string;
  holder: Holder;
  warn: (text: string) => void;
  onLockLost: () => void;
}

/** What PostgreSQL says of files that another version of it wrote. */
const OTHER_VERSION = /was initialized by PostgreSQL version|CATALOG_VERSION_NO/;

/** Takes the lock on a directory and opens the database in it, which is made if missing; `close` gives both back. */
export async function openDirectory({ directory, holder, warn, onLockLost }: OpenOptions): Promise<Postgres> {
  await makeDirectory(directory);
  const lock = await acquireLock({ file: join(directory, 'lock'), holder, onLost: onLockLost });
  try {
    const data = join(directory, 'data');
    const postgres = await openOrReplace(data, warn);
    return {
      ...reportDamage(postgres, data),
      async close() {
        await postgres.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Opens the database; one that is damaged is set aside, and an empty one takes its place. Damaged are files that do not
 * open, and again do not when an empty database has been opened in between.
 */
async function openOrReplace(data: string, warn: (text: string) => void): Promise<Postgres> {
  const spare = `${data}.spare`;
  await createIfMissing(data);
  let opened = await openOrSuspect(data);
  if (typeof opened === 'string') {
    await checkCopies(data, opened);
    await checkMachine({ data, damage: opened, spare });
    opened = await openOrSuspect(data);
  }
  if (typeof opened === 'string') {
    const aside = await setAside(data, spare);
    warn(`the embedded store was damaged and is empty now; its files were kept as ${aside} (${opened})`);
    return openPGlite(data);
  }
  await rm(spare, { recursive: true, force: true });
  return opened;
}

/** The open database, or why its files may be damaged. */
async function openOrSuspect(data: string): Promise<Postgres | string> {
  const damage = knownDamage(data);
  if (damage !== undefined) return damage;
  try {
    return await openPGlite(data);
  } catch (error) {
    const { message } = error as Error;
    if (OTHER_VERSION.test(message)) throw new GiveUpError(`${data} needs another version: ${message}`);
    if (blamesMachine(error as Error)) throw error;
    return message;
  }
}

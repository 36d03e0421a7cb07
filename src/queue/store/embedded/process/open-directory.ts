import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GiveUpError } from '../../../../base/errors.ts';
import { createIfMissing } from './create.ts';
import { checkCopies, knownDamage, reportDamage, setAside } from './damage.ts';
import { acquireLock, type LockHolder } from './lock.ts';
import { blamesMachine, checkMachine } from './check-machine.ts';
import { makeDirectory } from './make-directory.ts';
import { openPGlite, type Postgres } from './pglite.ts';

interface OpenOptions {
  directory: string;
  holder: LockHolder;
  warn: (text: string) => void;
  onLockLost: () => void;
}

/** PostgreSQL's errors about files of another version. */
const OTHER_VERSION = /was initialized by PostgreSQL version|CATALOG_VERSION_NO/;

/**
 * Locks a directory and opens its database, or creates a missing one. `close` closes the database and releases the
 * lock.
 */
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
 * Opens the database; sets a damaged one aside and replaces it by an empty one. It counts as damaged if it fails to
 * open twice, and an empty database opens in between.
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

/** Returns the open database, or the reason why its files may be damaged. */
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

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GiveUpError } from '../../../../base/errors.ts';
import { createIfMissing } from './create.ts';
import { checkCopies, knownDamage, reportDamage } from './damage.ts';
import { acquireLock, type LockHolder } from './lock.ts';
import { blamesMachine, checkMachine } from './check-machine.ts';
import { makeDirectory } from './make-directory.ts';
import { openPGlite, type Postgres } from './pglite.ts';
import { otherVersion } from './postgres-version.ts';
import { finishReplacement, replaceDamaged, replaceOther } from './replace.ts';

interface OpenOptions {
  directory: string;
  holder: LockHolder;
  warn: (text: string) => void;
  /** Called while jobs are read from a directory that is replaced. */
  onBusy: () => void;
  onLockLost: () => void;
}

/** PostgreSQL's error about files of a version before a release. */
const OTHER_VERSION = /CATALOG_VERSION_NO/;

/**
 * Locks a directory and opens its database, or creates a missing one. `close` closes the database and releases the
 * lock.
 */
export async function openDirectory(options: OpenOptions): Promise<Postgres> {
  const { directory, holder, onLockLost } = options;
  await makeDirectory(directory);
  const lock = await acquireLock({ file: join(directory, 'lock'), holder, onLost: onLockLost });
  try {
    const data = join(directory, 'data');
    const postgres = await openOrReplace(data, options);
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
 * Opens the database; sets a damaged one aside and replaces it by a new one with the jobs that can be read. It counts as
 * damaged if it fails to open twice, and an empty database opens in between.
 */
async function openOrReplace(data: string, { warn, onBusy }: OpenOptions): Promise<Postgres> {
  const spare = `${data}.spare`;
  await finishReplacement(data, spare);
  await createIfMissing(data);
  const version = otherVersion(data);
  if (version !== undefined) warn(await replaceOther({ data, spare, version, onBusy }));
  let opened = await openOrSuspect(data);
  if (typeof opened === 'string') {
    await checkCopies(data, opened);
    await checkMachine({ data, damage: opened, spare });
    opened = await openOrSuspect(data);
  }
  if (typeof opened === 'string') {
    warn(await replaceDamaged({ data, spare, damage: opened, onBusy }));
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

import { join } from 'node:path';
import { GiveUpError } from '../../../../errors.ts';
import { createIfMissing } from './create.ts';
import { checkDisk, knownDamage, reportDamage, setAside } from './damage.ts';
import { acquireLock, type Holder } from './lock.ts';
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

/** Words of the operating system for what is wrong with the machine, not with the files. */
const MACHINE =
  /No space left|Disk quota|Permission denied|Read-only|Too many open files|I\/O error|[Oo]ut of memory/;

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

/** Opens the database; one that is damaged is set aside, and an empty one takes its place. */
async function openOrReplace(data: string, warn: (text: string) => void): Promise<Postgres> {
  await createIfMissing(data);
  const damage = knownDamage(data) ?? (await failureToOpen(data));
  if (typeof damage !== 'string') return damage;
  const aside = await setAside(data);
  warn(`the embedded store was damaged and is empty now; its files were kept as ${aside} (${damage})`);
  await createIfMissing(data);
  return openPGlite(data);
}

/** The open database, or why its files must be damaged: they fail twice, and nothing else is wrong. */
async function failureToOpen(data: string): Promise<Postgres | string> {
  try {
    return await openPGlite(data);
  } catch (error) {
    const { message } = error as Error;
    if (OTHER_VERSION.test(message)) throw new GiveUpError(`${data} needs another version: ${message}`);
    if (MACHINE.test(message)) throw error;
    await checkDisk(data);
  }
  return openPGlite(data).catch((error: Error) => error.message);
}

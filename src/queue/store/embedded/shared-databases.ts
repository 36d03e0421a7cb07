import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Database } from './database.ts';
import { EmbeddedPool } from './embedded-pool.ts';

interface EmbeddedDatabaseOptions {
  /** Called for problems that don't stop the store, for instance that a damaged database was set aside. */
  onWarning?: (text: string) => void;
}

interface Shared {
  database: Database;
  opened: Promise<void>;
  users: Map<EmbeddedPool, EmbeddedDatabaseOptions>;
  closed?: Promise<void>;
}

/**
 * The open databases of this process by path. Nodes with the same directory share one database, because only one may
 * open it; the last node closes it.
 */
const shared = new Map<string, Shared>();

/** Returns the database processes of this process. */
export function embeddedProcesses(): { directory: string; pid: number }[] {
  return [...shared].flatMap(([directory, { database }]) =>
    database.pid === undefined ? [] : { directory, pid: database.pid },
  );
}

/**
 * Opens the database in a directory; creates both if they are missing. This process locks the directory until `close`.
 *
 * Rejects with StoreLockedError if another process uses it, with GiveUpError if a person must act, and with
 * StoreUnavailableError if it is temporarily unavailable.
 */
export async function openEmbeddedDatabase(
  directory: string,
  options: EmbeddedDatabaseOptions = {},
): Promise<EmbeddedPool> {
  const path = realPath(resolve(directory));
  const known = shared.get(path);
  const entry = known && !known.closed ? known : share(path, known?.closed);
  const pool: EmbeddedPool = new EmbeddedPool(entry.database, () => leave(path, entry, pool));
  entry.users.set(pool, options);
  await entry.opened;
  return pool;
}

function share(path: string, closing: Promise<void> | undefined): Shared {
  const users: Shared['users'] = new Map();
  const database = new Database(path, {
    onNotification: (notification) => users.forEach((_, pool) => pool.notify(notification)),
    onWarning: (text) => users.forEach(({ onWarning }) => onWarning?.(text)),
    onLost: (error) => users.forEach((_, pool) => pool.lose(error)),
  });
  const opened = (async () => {
    await closing;
    await database.open();
  })();
  const entry: Shared = { database, users, opened };
  shared.set(path, entry);
  opened.catch(() => forget(path, entry));
  return entry;
}

async function leave(path: string, entry: Shared, pool: EmbeddedPool): Promise<void> {
  entry.users.delete(pool);
  if (entry.users.size > 0) return;
  entry.closed = entry.database.close();
  await entry.closed;
  forget(path, entry);
}

function forget(path: string, entry: Shared): void {
  if (shared.get(path) === entry) shared.delete(path);
}

/** Resolves symbolic links in the existing part of the path. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
  }
}

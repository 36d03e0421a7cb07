import { runMigrations, type PgPool } from 'bullmq';
import { GiveUpError } from '../errors.ts';
import type { Driver, DriverContext } from './driver.ts';
import type { EmbeddedOptions } from './options.ts';
import { patience } from './patience.ts';
import { postgresDriver } from './postgres-driver.ts';

/** PostgreSQL in this process, shared by all stores of a directory; `close` gives it back. */
export type EmbeddedPool = PgPool & { close(): Promise<void> };

const SCHEMA = 'bullmq';

/** The one place where the embedded database is plugged in. */
async function acquireEmbedded(directory: string): Promise<EmbeddedPool> {
  throw new GiveUpError(`there is no embedded database yet for ${directory}`);
}

/** Opens the database in this process. */
export function openEmbedded(
  { directory }: EmbeddedOptions,
  context: DriverContext,
  acquire = acquireEmbedded,
): Driver {
  const untilServed = patience(context);
  let acquired: Promise<EmbeddedPool> | undefined;

  const prepare = async () => {
    const pool = await acquire(directory);
    const session = await pool.connect();
    await runMigrations(session, SCHEMA, { skipVersionCheck: true });
    session.release();
    return pool;
  };
  const open = () => (acquired ??= untilServed(prepare));

  return {
    ...postgresDriver(waitingPool(open, untilServed), SCHEMA),
    // Short: no other process can hold a job.
    timing: { lockDuration: 10_000, stalledInterval: 10_000 },
    ready: async () => {
      await open();
    },
    close: async () => {
      const pool = await acquired?.catch(() => undefined);
      await pool?.close();
    },
  };
}

/** The version of the database in this process. */
export async function embeddedVersion(
  { directory }: EmbeddedOptions,
  acquire = acquireEmbedded,
): Promise<string> {
  const pool = await acquire(directory);
  try {
    const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
    return `PostgreSQL ${rows[0]?.server_version} in ${directory}`;
  } finally {
    await pool.close();
  }
}

function waitingPool(open: () => Promise<EmbeddedPool>, untilServed: ReturnType<typeof patience>): PgPool {
  const pool: PgPool = {
    query: (text, params) => untilServed(async () => (await open()).query(text, params)),
    connect: () => untilServed(async () => (await open()).connect()),
    end: () => Promise.resolve(),
    on: () => pool,
    removeAllListeners: () => pool,
  };
  return pool;
}

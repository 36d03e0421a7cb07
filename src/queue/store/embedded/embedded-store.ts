import type { PgPool } from 'bullmq';
import type { Driver, DriverContext } from '../driver.ts';
import { SCHEMA } from './database.ts';
import { openEmbeddedDatabase } from './shared-databases.ts';
import type { EmbeddedOptions } from '../store-options.ts';
import { retryUntilServed, type UntilServed } from '../sql/retry-until-served.ts';
import { sqlDriver } from '../sql/sql-driver.ts';
import { reconnectProbe } from '../sql/reconnect-probe.ts';

type EmbeddedPool = Awaited<ReturnType<typeof openEmbeddedDatabase>>;

/** Opens the database of this process. */
export function openEmbedded({ directory }: EmbeddedOptions, context: DriverContext): Driver {
  const untilServed = retryUntilServed(context);
  let opened: Promise<EmbeddedPool> | undefined;

  const open = async () => {
    const pool = await openEmbeddedDatabase(directory, { onWarning: context.warn });
    pool.on(
      'error',
      reconnectProbe(context, () => untilServed(() => pool.query('SELECT 1'))),
    );
    return pool;
  };
  const pool = () => (opened ??= untilServed(open));

  return {
    ...sqlDriver(waitingPool(pool, untilServed), SCHEMA),
    // Short, because no other process can lock a job.
    timing: { lockDuration: 10_000, stalledInterval: 10_000 },
    ready: async () => {
      await pool();
    },
    close: async () => {
      const last = await opened?.catch(() => undefined);
      await last?.close();
    },
  };
}

/** Opens the embedded database and returns its version. */
export async function embeddedVersion({ directory }: EmbeddedOptions): Promise<string> {
  const pool = await openEmbeddedDatabase(directory);
  try {
    const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
    return `PostgreSQL ${rows[0]?.server_version} in ${directory}`;
  } finally {
    await pool.close();
  }
}

function waitingPool(opened: () => Promise<EmbeddedPool>, untilServed: UntilServed): PgPool {
  const pool: PgPool = {
    query: (text, params) => untilServed(async () => (await opened()).query(text, params)),
    connect: () => untilServed(async () => (await opened()).connect()),
    end: () => Promise.resolve(),
    on: () => pool,
    removeAllListeners: () => pool,
  };
  return pool;
}

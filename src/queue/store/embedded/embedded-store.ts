import type { PgPool } from 'bullmq';
import type { Driver, DriverContext } from '../driver.ts';
import { SCHEMA } from './database.ts';
import { openEmbeddedDatabase } from './shared-databases.ts';
import type { EmbeddedOptions } from '../store-options.ts';
import { reconnectProbe, retryUntilServed, type UntilServed } from '../sql/retry-until-served.ts';
import { sqlDriver, type JobOwner } from '../sql/sql-driver.ts';

/** Milliseconds; short, for no other process can hold a job. */
const LOCK = 10_000;

const RENEW = `
  UPDATE job SET locked_until_ms = greatest(locked_until_ms, $3)
  WHERE queue = $1 AND id = ANY ($2) AND state = 'active'`;

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

  const waiting = waitingPool(pool, untilServed);
  const owner: JobOwner = {
    async openWorker(queue) {
      return (await pool()).running.openWorker(queue);
    },
    async renew(queue) {
      const ids = (await pool()).running.take(queue);
      if (ids.length > 0) await waiting.query(RENEW, [queue, ids, Date.now() + LOCK]);
    },
  };
  return {
    ...sqlDriver(waiting, SCHEMA, { ...context, owner }),
    timing: { lockDuration: LOCK, stalledInterval: LOCK },
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

import type { PgPool } from 'bullmq';
import type { Driver, DriverContext } from './driver.ts';
import type { EmbeddedPool } from './embedded/embedded-pool.ts';
import { openEmbeddedDatabase } from './embedded/open.ts';
import type { EmbeddedOptions } from './options.ts';
import { patience } from './patience.ts';
import { postgresDriver } from './postgres-driver.ts';

const SCHEMA = 'bullmq';

/** Opens the database in this process. */
export function openEmbedded({ directory }: EmbeddedOptions, context: DriverContext): Driver {
  const untilServed = patience(context);
  let acquired: Promise<EmbeddedPool> | undefined;
  const open = () =>
    (acquired ??= untilServed(() => openEmbeddedDatabase(directory, { onWarning: context.warn })));

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
export async function embeddedVersion({ directory }: EmbeddedOptions): Promise<string> {
  const pool = await openEmbeddedDatabase(directory);
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

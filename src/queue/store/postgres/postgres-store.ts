import type { PgPoolClient } from 'bullmq';
import type { Driver, DriverContext } from '../driver.ts';
import { loadPg, pgConfig } from './load-pg.ts';
import type { PostgresOptions } from '../store-options.ts';
import { retryUntilServed } from '../sql/retry-until-served.ts';
import { sqlDriver } from '../sql/sql-driver.ts';
import { PostgresPool } from './postgres-pool.ts';
import { prepareSchema } from '../sql/prepare-schema.ts';
import { connectedWorkers } from '../worker-name.ts';

/** Maximum number of connections for queries; each worker has one more. */
const POOL_SIZE = 4;
/** Maximum difference of the clocks in seconds. */
const MOST_DIFFERENCE = 5;

/** Opens PostgreSQL, and creates missing BullMQ tables. */
export function openPostgres(options: PostgresOptions, context: DriverContext, load = loadPg): Driver {
  const { schema } = options;
  const pool = new PostgresPool({ config: pgConfig(options), size: POOL_SIZE, load }, context);
  const untilServed = retryUntilServed(context);
  let prepared: Promise<void> | undefined;

  const prepare = () =>
    untilServed(async () => {
      const session = await pool.connect();
      try {
        await prepareSchema(session, schema);
        await checkClock(session, context.warn);
      } finally {
        session.release();
      }
    });

  return {
    ...sqlDriver(pool, schema, context),
    timing: { lockDuration: 20_000, stalledInterval: 10_000 },
    ready: () => (prepared ??= prepare()),
    workers: connectedWorkers,
    close: () => pool.end(),
  };
}

/**
 * Warns if the clocks of this machine and the server differ. BullMQ's functions for PostgreSQL use the time of the
 * calling machine: if its clock is ahead, it takes over the jobs of other machines too early.
 */
export async function checkClock(
  session: Pick<PgPoolClient, 'query'>,
  warn: (text: string) => void,
): Promise<void> {
  const asked = Date.now() / 1000;
  const { rows } = await session.query('SELECT extract(epoch FROM clock_timestamp()) AS seconds');
  const seconds = Number(rows[0]?.['seconds']);
  // The server told its time at any moment between question and answer.
  const ahead = asked > seconds ? asked - seconds : Math.min(0, Date.now() / 1000 - seconds);
  if (Math.abs(ahead) <= MOST_DIFFERENCE) return;
  warn(
    `the clock of this machine is ${Math.abs(ahead).toFixed()} s ${ahead > 0 ? 'ahead of' : 'behind'} that of ` +
      'PostgreSQL: synchronize both with NTP, because jobs run twice if machines differ by more than 10 s',
  );
}

import type { Driver, DriverContext } from '../driver.ts';
import { loadPg, pgConfig } from './load-pg.ts';
import type { PostgresOptions } from '../store-options.ts';
import { checkClock } from './check-clock.ts';
import { retryUntilServed } from '../sql/retry-until-served.ts';
import { sqlDriver } from '../sql/sql-driver.ts';
import { PostgresPool } from './postgres-pool.ts';
import { prepareSchema } from '../sql/prepare-schema.ts';
import { connectedWorkers } from '../worker-name.ts';

/** Maximum number of connections for queries; each worker has one more. */
const POOL_SIZE = 4;

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

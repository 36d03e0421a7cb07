import type { Postgres } from './pglite.ts';

/** Interval of the upkeep in queries, and in milliseconds; whichever comes first. Only runs after a query. */
const EVERY_QUERIES = 2000;
const EVERY = 10_000;

/** Maximum bytes and age of the write-ahead log that a restart may have to replay. */
const MOST_LOG = 16 * 1024 * 1024;
const LONGEST_LOG = 5 * 60_000;

/** Number of transactions after which old rows are frozen; PostgreSQL's limit is 2 billion ("Routine Vacuuming"). */
const MOST_TRANSACTIONS = 200_000_000;

const READ_STATE = `
  SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) AS log, age(datfrozenxid) AS transactions
  FROM pg_control_checkpoint(), pg_database WHERE datname = current_database()`;

/** Same rule as autovacuum: more than a fifth of the rows plus 1,000 have changed. */
const CHANGED_TABLES = `
  SELECT relid::regclass FROM pg_stat_all_tables
  WHERE greatest(n_dead_tup, n_mod_since_analyze) > 1000 + n_live_tup / 5 AND schemaname <> 'pg_toast'`;

/**
 * Replaces PostgreSQL's background processes, which PGlite lacks: checkpoints limit the write-ahead log, vacuum limits
 * the tables. Call the returned function outside of transactions, with the number of queries since the last call.
 */
export function openUpkeep(postgres: Postgres): (queries: number) => Promise<void> {
  let queriesSince = 0;
  let checkedAt = Date.now();
  let checkpointAt = Date.now();

  async function check(): Promise<void> {
    const [[log, transactions] = []] = await read(postgres, READ_STATE);
    if (Number(transactions) > MOST_TRANSACTIONS) await postgres.run('VACUUM (FREEZE)');
    for (const [table] of await read(postgres, CHANGED_TABLES))
      await postgres.run(`VACUUM (ANALYZE) ${table}`);
    if (Number(log) < MOST_LOG && Date.now() - checkpointAt < LONGEST_LOG) return;
    await postgres.run('CHECKPOINT');
    checkpointAt = Date.now();
  }

  return async function checkIfDue(queries) {
    queriesSince += queries;
    if (queriesSince < EVERY_QUERIES && Date.now() - checkedAt < EVERY) return;
    await check();
    queriesSince = 0;
    checkedAt = Date.now();
  };
}

async function read(postgres: Postgres, text: string): Promise<(string | null)[][]> {
  const { results } = await postgres.run(text);
  return results[0]?.rows ?? [];
}

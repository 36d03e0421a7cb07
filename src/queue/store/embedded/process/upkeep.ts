import type { Postgres } from './pglite.ts';

/** Looks after the database every so many queries, or milliseconds while there are any. */
const EVERY_QUERIES = 2000;
const EVERY = 10_000;

/** Bytes of log, and milliseconds, that a restart may have to go through again. */
const MOST_LOG = 16 * 1024 * 1024;
const LONGEST_LOG = 5 * 60_000;

/** Transactions after which old rows are frozen; PostgreSQL stops at 2 billion (section "Routine Vacuuming"). */
const MOST_TRANSACTIONS = 200_000_000;

const LOOK = `
  SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) AS log, age(datfrozenxid) AS transactions
  FROM pg_control_checkpoint(), pg_database WHERE datname = current_database()`;

/** As autovacuum judges it: a fifth of the rows, and at least a thousand, changed. */
const CHANGED_TABLES = `
  SELECT relid::regclass FROM pg_stat_all_tables
  WHERE greatest(n_dead_tup, n_mod_since_analyze) > 1000 + n_live_tup / 5 AND schemaname <> 'pg_toast'`;

/**
 * Does what PostgreSQL's background processes do, for PGlite has none: checkpoints, so that the log does not grow for
 * ever, and vacuum, so that the tables do not. Call the result outside of transactions, with the number of queries since
 * the last call.
 */
export function openUpkeep(postgres: Postgres): (queries: number) => Promise<void> {
  let queriesSince = 0;
  let lookedAt = Date.now();
  let checkpointAt = Date.now();

  async function look(): Promise<void> {
    const [[log, transactions] = []] = await read(postgres, LOOK);
    if (Number(transactions) > MOST_TRANSACTIONS) await postgres.run('VACUUM (FREEZE)');
    for (const [table] of await read(postgres, CHANGED_TABLES))
      await postgres.run(`VACUUM (ANALYZE) ${table}`);
    if (Number(log) < MOST_LOG && Date.now() - checkpointAt < LONGEST_LOG) return;
    await postgres.run('CHECKPOINT');
    checkpointAt = Date.now();
  }

  return async function lookIfDue(queries) {
    queriesSince += queries;
    if (queriesSince < EVERY_QUERIES && Date.now() - lookedAt < EVERY) return;
    await look();
    queriesSince = 0;
    lookedAt = Date.now();
  };
}

async function read(postgres: Postgres, text: string): Promise<(string | null)[][]> {
  const { results } = await postgres.run(text);
  return results[0]?.rows ?? [];
}

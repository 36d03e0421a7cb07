import type { PgPool, PgPoolClient } from 'bullmq';
import { MINUTES_KEPT, type MinuteCounts, type StoredMinute } from '../../history/minute-counts.ts';

/** Only who may create tables does so, and two who do so at the same time disturb each other. */
const CREATE = `
  DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('fp_history'));
    IF to_regclass('fp_history') IS NULL AND has_schema_privilege(current_schema(), 'CREATE') THEN
      CREATE TABLE fp_history (
        queue text, minute integer, enqueued integer, completed integer, failed integer, backlog integer,
        wait integer[], run integer[], PRIMARY KEY (queue, minute)
      );
    END IF;
  END $$`;

/** Without the table, or rights to it, a query would fail, and a store retries until somebody has mended it. */
const MAY_USE = `
  SELECT bool_and(coalesce(has_table_privilege(to_regclass('fp_history'), needed), false)) AS may_use
  FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS needed`;

/** Adds two histograms; one may have fewer buckets. */
const sum = (histogram: string) => `
  coalesce((
    SELECT array_agg(coalesce(stored, 0) + coalesce(added, 0) ORDER BY bucket)
    FROM unnest(history.${histogram}, excluded.${histogram}) WITH ORDINALITY AS both_of(stored, added, bucket)
  ), '{}')`;

const ADD = `
  WITH backlog AS (
    SELECT count(*) AS jobs FROM (
      SELECT FROM job WHERE queue = $1 AND state = 'waiting' AND priority >= 0 LIMIT 10000
    ) AS waiting
  ), forgotten AS (
    DELETE FROM fp_history WHERE queue = $1 AND minute < $2 - ${MINUTES_KEPT}
  )
  INSERT INTO fp_history AS history (queue, minute, enqueued, completed, failed, backlog, wait, run)
  SELECT $1, $2::integer, $3, $4, $5, jobs, $6, $7 FROM backlog
  ON CONFLICT (queue, minute) DO UPDATE SET
    enqueued = history.enqueued + excluded.enqueued,
    completed = history.completed + excluded.completed,
    failed = history.failed + excluded.failed,
    backlog = excluded.backlog,
    wait = ${sum('wait')},
    run = ${sum('run')}`;

/** Text is read faster than arrays. */
const READ = `
  SELECT minute, enqueued, completed, failed, backlog, array_to_string(wait, ',') AS wait,
         array_to_string(run, ',') AS run
  FROM fp_history WHERE queue = $1 AND minute >= $2 ORDER BY minute`;

type Pool = Pick<PgPool, 'query'>;

/** Creates the table of the history if it is missing; unqualified names must mean the schema. */
export async function createHistory(session: Pick<PgPoolClient, 'query'>): Promise<void> {
  await session.query(CREATE);
}

/** Adds the counts of this process to a queue's history, and removes what is older than 7 days. */
export async function addMinute(pool: Pool, queue: string, counts: MinuteCounts): Promise<void> {
  if (!(await mayUse(pool))) return;
  const { minute, enqueued, completed, failed, wait, run } = counts;
  const values = [minute, enqueued, completed, failed, wait.used(), run.used()];
  await pool.query(ADD, [queue, ...values]);
}

/** Reads a queue's history from a minute on, oldest first. */
export async function readMinutes(pool: Pool, queue: string, since: number): Promise<StoredMinute[]> {
  if (!(await mayUse(pool))) return [];
  const { rows } = await pool.query(READ, [queue, since]);
  return rows.map((row) => ({
    minute: Number(row['minute']),
    enqueued: Number(row['enqueued']),
    completed: Number(row['completed']),
    failed: Number(row['failed']),
    backlog: Number(row['backlog']),
    wait: numbersIn(row['wait']),
    run: numbersIn(row['run']),
  }));
}

async function mayUse(pool: Pool): Promise<boolean> {
  return (await pool.query(MAY_USE)).rows[0]?.['may_use'] === true;
}

function numbersIn(text: unknown): number[] {
  return text === '' ? [] : String(text).split(',').map(Number);
}

import type { PgPool, PgPoolClient } from 'bullmq';
import type { HistoryRequest } from '../queue-access.ts';
import {
  historySteps,
  MINUTES_KEPT,
  type MinuteCounts,
  type StoredMinute,
} from '../../history/minute-counts.ts';

/** Only who may create tables does so, and two who do so at the same time disturb each other. */
const CREATE = `
  DO $$ BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('fp_queue_history'));
    IF to_regclass('fp_queue_history') IS NULL AND has_schema_privilege(current_schema(), 'CREATE') THEN
      CREATE TABLE fp_queue_history (
        queue text, step integer, minute integer, enqueued integer, completed integer, failed integer, backlog integer,
        wait integer[], run integer[], deploys integer, PRIMARY KEY (queue, step, minute)
      );
    END IF;
  END $$`;

/** Without the table, or rights to it, a query would fail, and a store retries until somebody has mended it. */
const MAY_USE = `
  SELECT bool_and(coalesce(has_table_privilege(to_regclass('fp_queue_history'), needed), false)) AS may_use
  FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS needed`;

/** Adds two histograms; one may have fewer buckets. */
const sum = (histogram: string) => `
  coalesce((
    SELECT array_agg(coalesce(stored, 0) + coalesce(added, 0) ORDER BY bucket)
    FROM unnest(history.${histogram}, excluded.${histogram}) WITH ORDINALITY AS both_of(stored, added, bucket)
  ), '{}')`;

const KEPT = `(VALUES ${historySteps.map((step) => `(${step})`).join()}) AS kept (step)`;

const ADD = `
  WITH backlog AS (
    SELECT count(*) AS jobs FROM (
      SELECT FROM job WHERE queue = $1 AND state = 'waiting' AND priority >= 0 LIMIT 10000
    ) AS waiting
  ), forgotten AS (
    DELETE FROM fp_queue_history AS old USING ${KEPT}
    WHERE queue = $1 AND old.step = kept.step AND minute <= $2 - ${MINUTES_KEPT} - kept.step
  )
  INSERT INTO fp_queue_history AS history (queue, step, minute, enqueued, completed, failed, backlog, wait, run, deploys)
  SELECT $1, step, $2::integer - $2 % step, $3, $4, $5, jobs, $6, $7, $8 FROM backlog, ${KEPT}
  ON CONFLICT (queue, step, minute) DO UPDATE SET
    enqueued = history.enqueued + excluded.enqueued,
    completed = history.completed + excluded.completed,
    failed = history.failed + excluded.failed,
    backlog = excluded.backlog,
    wait = ${sum('wait')},
    run = ${sum('run')},
    deploys = history.deploys + excluded.deploys`;

/** One line per row: a text for all is read several times faster than rows with arrays. */
const READ = `
  SELECT string_agg(concat_ws(' ', minute, enqueued, completed, failed, backlog, deploys,
                              '{' || array_to_string(wait, ',') || '}', '{' || array_to_string(run, ',') || '}'),
                    E'\\n' ORDER BY minute) AS lines
  FROM fp_queue_history WHERE queue = $1 AND step = $2 AND minute BETWEEN $3 AND $4`;

type Pool = Pick<PgPool, 'query'>;

/** Creates the table of the history if it is missing; unqualified names must mean the schema. */
export async function createHistory(session: Pick<PgPoolClient, 'query'>): Promise<void> {
  await session.query(CREATE);
}

/** Adds the counts of this process to a queue's history, and removes what is older than 7 days. */
export async function addMinute(pool: Pool, queue: string, counts: MinuteCounts): Promise<void> {
  if (!(await mayUse(pool))) return;
  const { minute, enqueued, completed, failed, wait, run, deploys } = counts;
  const values = [minute, enqueued, completed, failed, wait.used(), run.used(), deploys];
  await pool.query(ADD, [queue, ...values]);
}

/** Reads rows of a queue's history, oldest first. */
export async function readMinutes(
  pool: Pool,
  queue: string,
  { since, until, step }: HistoryRequest,
): Promise<StoredMinute[]> {
  if (!(await mayUse(pool))) return [];
  const { lines } = (await pool.query(READ, [queue, step, since, until])).rows[0] ?? {};
  return typeof lines === 'string' ? lines.split('\n').map(toMinute) : [];
}

function toMinute(line: string): StoredMinute {
  const parts = line.split(' ');
  const numbers = parts.slice(0, 6).map(Number);
  const [minute = 0, enqueued = 0, completed = 0, failed = 0, backlog = 0, deploys = 0] = numbers;
  return {
    minute,
    enqueued,
    completed,
    failed,
    backlog,
    hasDeploy: deploys > 0,
    wait: bucketsIn(parts[6]),
    run: bucketsIn(parts[7]),
  };
}

async function mayUse(pool: Pool): Promise<boolean> {
  return (await pool.query(MAY_USE)).rows[0]?.['may_use'] === true;
}

/** Reads buckets from `{1,2}`. */
function bucketsIn(text = '{}'): number[] {
  return JSON.parse(`[${text.slice(1, -1)}]`) as number[];
}

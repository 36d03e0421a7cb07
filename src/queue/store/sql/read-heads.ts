import type { PgPool } from 'bullmq';
import type { JobHead } from '../queue-access.ts';
import { textOf, timeOf } from './read-page.ts';

const heads = (columns: string) => `
  SELECT ${columns} id, name, finished_at_ms, attempts_made, max_attempts, processed_by, left(failed_reason, 2000) AS error,
    CASE jsonb_typeof(stacktrace) WHEN 'array' THEN stacktrace->>-1 END AS stack
  FROM job WHERE queue = $1 AND id = ANY ($2)`;

const HEADS = heads('');
const WITH_RESULTS = heads('return_value, ');

/** Reads what is known of jobs without their message. */
export async function readHeads(
  pool: Pick<PgPool, 'query'>,
  queue: string,
  { ids, withResults }: { ids: string[]; withResults: boolean },
): Promise<Map<string, JobHead>> {
  const { rows } = await pool.query(withResults ? WITH_RESULTS : HEADS, [queue, ids]);
  return new Map(rows.map(toHead).map((head) => [head.id, head]));
}

function toHead(row: Record<string, unknown>): JobHead {
  return {
    id: String(row['id']),
    name: String(row['name']),
    finishedAt: timeOf(row['finished_at_ms']),
    attemptsMade: Number(row['attempts_made']),
    attempts: Number(row['max_attempts']),
    error: textOf(row['error']),
    worker: textOf(row['processed_by']),
    stack: textOf(row['stack']),
    result: row['return_value'],
  };
}

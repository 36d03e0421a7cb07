import type { PgPool } from 'bullmq';

const MOST_AT_ONCE = 5000;

/**
 * Jobs that finished in the same millisecond are sorted by ID, as in every list. The condition on finished_at_ms alone
 * lets PostgreSQL use the index.
 */
const TRIM = `
  WITH newest_too_many AS (
    SELECT finished_at_ms AS ms, id FROM job WHERE queue = $1 AND state = $2::job_state
    ORDER BY finished_at_ms DESC, id DESC OFFSET $3 LIMIT 1
  )
  DELETE FROM job WHERE queue = $1 AND id IN (
    SELECT id FROM job
    WHERE queue = $1 AND state = $2::job_state
      AND finished_at_ms <= (SELECT ms FROM newest_too_many)
      AND (finished_at_ms, id) <= (SELECT ms, id FROM newest_too_many)
    LIMIT ${MOST_AT_ONCE}
  )
  RETURNING 1`;

export interface Finished {
  queue: string;
  state: 'completed' | 'failed';
  /** Number of jobs to keep. */
  keep: number;
}

/**
 * Removes excess finished jobs of a queue.
 *
 * BullMQ would do it after every job, comparing every job with every kept one, which is quadratic: with 100,000 jobs it
 * would block the store for hours.
 */
export async function trimFinished(pool: Pick<PgPool, 'query'>, finished: Finished): Promise<void> {
  const { queue, state, keep } = finished;
  const trim = () => pool.query(TRIM, [queue, state, keep]);
  while ((await trim()).rows.length === MOST_AT_ONCE);
}

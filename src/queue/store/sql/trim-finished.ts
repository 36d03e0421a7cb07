import type { PgPool } from 'bullmq';

const MOST_AT_ONCE = 5000;

/**
 * Jobs of the same millisecond count as finished in the order of their ids, as in every list. The first bound is there for
 * the index.
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
  /** How many jobs stay. */
  keep: number;
}

/**
 * Removes finished jobs of a queue that are too many.
 *
 * BullMQ would do it with every job, and compares every job of the queue with every one that stays: for a hundred thousand
 * that takes hours, in which the store does nothing else.
 */
export async function trimFinished(pool: Pick<PgPool, 'query'>, finished: Finished): Promise<void> {
  const { queue, state, keep } = finished;
  const trim = () => pool.query(TRIM, [queue, state, keep]);
  while ((await trim()).rows.length === MOST_AT_ONCE);
}

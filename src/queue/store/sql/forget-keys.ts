import type { PgPool } from 'bullmq';

/** Milliseconds that a key stays after its time: the clocks of other machines may be behind. */
const SPARE = 86_400_000;
const MOST_AT_ONCE = 5000;

/** The last condition spares a key that got a new time meanwhile. */
const FORGET = `
  DELETE FROM dedup
  WHERE (queue, dedup_id) IN (
    SELECT queue, dedup_id FROM dedup WHERE queue = $1 AND expire_at_ms < $2 LIMIT ${MOST_AT_ONCE}
  ) AND expire_at_ms < $2
  RETURNING 1`;

/** Deletes the unique keys of a queue whose time was over a day ago: BullMQ leaves those that outlive their job. */
export async function forgetKeys(pool: Pick<PgPool, 'query'>, queue: string): Promise<void> {
  const forget = () => pool.query(FORGET, [queue, Date.now() - SPARE]);
  while ((await forget()).rows.length === MOST_AT_ONCE);
}

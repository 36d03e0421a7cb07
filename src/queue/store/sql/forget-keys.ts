import type { PgPool } from 'bullmq';

/** Milliseconds that a key is kept after it expires, because the clocks of other machines may be behind. */
const SPARE = 86_400_000;
const MOST_AT_ONCE = 5000;

/** The last condition keeps a key whose expiry was extended meanwhile. */
const FORGET = `
  DELETE FROM dedup
  WHERE (queue, dedup_id) IN (
    SELECT queue, dedup_id FROM dedup WHERE queue = $1 AND expire_at_ms < $2 LIMIT ${MOST_AT_ONCE}
  ) AND expire_at_ms < $2
  RETURNING 1`;

/** Deletes unique keys that expired over a day ago. BullMQ does not delete keys that outlive their job. */
export async function forgetKeys(pool: Pick<PgPool, 'query'>, queue: string): Promise<void> {
  const forget = () => pool.query(FORGET, [queue, Date.now() - SPARE]);
  while ((await forget()).rows.length === MOST_AT_ONCE);
}

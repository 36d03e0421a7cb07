import type { PgPool } from 'bullmq';
import type { EndedJob, EndedRequest } from '../queue-access.ts';
import { stateOf } from './read-page.ts';

/** In the order of the index. */
const ended = (state: string) => `
  SELECT id, finished_at_ms FROM job WHERE queue = $1 AND state = '${state}' AND finished_at_ms >= $2
  ORDER BY finished_at_ms DESC, id DESC LIMIT $3`;

/** Reads which jobs have ended. */
export async function readEnded(
  pool: Pick<PgPool, 'query'>,
  queue: string,
  { state, since, limit }: EndedRequest,
): Promise<EndedJob[]> {
  const { rows } = await pool.query(ended(stateOf[state]), [queue, since, limit]);
  return rows.map((row) => ({ id: String(row['id']), finishedAt: Number(row['finished_at_ms']) }));
}

import type { Redis } from 'ioredis';
import { jobKey, queueKeys } from '../keys.ts';

/** When the next job of a queue was enqueued, in milliseconds since 1970. */
export async function oldestWaiting(client: Redis, queue: string): Promise<number | undefined> {
  const id = await client.lindex(queueKeys(queue).queue, 0);
  if (id === null) return undefined;
  const [enqueued, created] = await client.hmget(jobKey(id), 'enqueued_at', 'created_at');
  const time = Date.parse(enqueued || created || '');
  return Number.isNaN(time) ? undefined : time;
}

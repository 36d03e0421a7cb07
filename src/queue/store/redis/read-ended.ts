import type { EndedJob, EndedRequest } from '../queue-access.ts';
import type { RedisClient } from './redis-access.ts';

/** Reads which jobs have ended, from BullMQ's sorted sets; `prefix` is the prefix of the queue's keys. */
export async function readEnded(
  client: RedisClient,
  prefix: string,
  { state, since, limit }: EndedRequest,
): Promise<EndedJob[]> {
  const key = `${prefix}${state === 'dead' ? 'failed' : state}`;
  const found = await client.zrevrangebyscore(key, '+inf', since, 'WITHSCORES', 'LIMIT', 0, limit);
  const ended: EndedJob[] = [];
  for (let at = 0; at < found.length; at += 2) {
    ended.push({ id: found[at]!, finishedAt: Number(found[at + 1]) });
  }
  return ended;
}

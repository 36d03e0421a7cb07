import { Job, type Queue } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import { STEP, type QueueAccess } from '../queue-access.ts';
import type { StoreQueue } from '../driver.ts';
import type { JobData } from '../../job/job-data.ts';
import { addMinute, readMinutes } from './history.ts';
import { readEnded } from './read-ended.ts';
import { readHeads } from './read-heads.ts';
import { FIRST_OF_PRIORITIES } from './read-page-script.ts';
import { readDeadErrors, readPage } from './read-page.ts';
import { retryWith } from './retry-with.ts';

export type RedisClient = Redis | Cluster;

type BullQueue = Queue<JobData, unknown>;

/** BullMQ's error codes for a job that was already retried or removed. */
const GONE: unknown[] = [-1, -3];

/** Accesses a queue in BullMQ's lists and sorted sets; `prefix` is the prefix of the queue's keys. */
export function redisAccess(client: RedisClient, queue: StoreQueue, prefix: string): QueueAccess {
  const bull = queue as BullQueue;
  return {
    async counts() {
      const counts = await queue.getJobCounts(
        ...(['waiting', 'prioritized', 'active', 'delayed', 'completed', 'failed'] as const),
      );
      const of = (state: string) => counts[state] ?? 0;
      return {
        waiting: of('waiting'),
        prioritized: of('prioritized'),
        running: of('active'),
        delayed: of('delayed'),
        completed: of('completed'),
        dead: of('failed'),
      };
    },
    async oldestWaiting() {
      const due = (await client.eval(FIRST_OF_PRIORITIES, 1, prefix)) as string | null;
      return due === null ? undefined : Number(due);
    },
    heads: (ids, withResults = false) => readHeads(client, prefix, { ids, withResults }),
    ended: (request) => readEnded(client, prefix, request),
    page: (request) => readPage(client, prefix, request),
    deadErrors: (request) => readDeadErrors(client, prefix, request),
    async retryStep(until, most) {
      const ids = await client.zrangebyscore(`${prefix}failed`, '-inf', until, 'LIMIT', 0, most);
      return retryAll(bull, ids);
    },
    retryDead: (ids) => retryAll(bull, ids),
    removeDead: (ids) => removeDead(client, bull, { prefix, ids }),
    retryWith: (id, data) => retryWith(client, bull, { id, data: JSON.stringify(data) }),
    addMinute: (counts) => addMinute(client, prefix, counts),
    readMinutes: (range) => readMinutes(client, prefix, range),
    readNote: async (name) => (await client.hget(`${prefix}meta`, name)) ?? undefined,
    async writeNote(name, text) {
      if (text === undefined) await client.hdel(`${prefix}meta`, name);
      else await client.hset(`${prefix}meta`, name, text);
    },
    removeKeys: async (keys) => void (await client.del(keys.map((key) => `${prefix}de:${key}`))),
    async removeStep(state, until) {
      if (state !== 'waiting') return clean(bull, state === 'dead' ? 'failed' : state, until);
      return (await clean(bull, 'wait', until)) || clean(bull, 'prioritized', until);
    },
  };
}

async function retryAll(queue: BullQueue, ids: string[]): Promise<number> {
  const retried = await Promise.all(ids.map((id) => retry(queue, id)));
  return retried.filter(Boolean).length;
}

/** Takes the jobs out of the dead letters first, so that a job that somebody retries meanwhile is not removed. */
async function removeDead(
  client: RedisClient,
  queue: BullQueue,
  { prefix, ids }: { prefix: string; ids: string[] },
): Promise<number> {
  const taken = await Promise.all(ids.map((id) => client.zrem(`${prefix}failed`, id)));
  const removed = ids.filter((_, index) => taken[index] === 1);
  await Promise.all(removed.map((id) => queue.remove(id)));
  return removed.length;
}

/** Retries a single job: BullMQ's bulk retry does not reset the attempts, and loses the priority. */
async function retry(queue: BullQueue, id: string): Promise<boolean> {
  try {
    const job = new Job<JobData, unknown>(queue, '', {} as JobData, {}, id);
    await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && GONE.includes(error.code)) return false;
    throw error;
  }
}

async function clean(queue: BullQueue, type: CleanType, until: number): Promise<number> {
  const ids = await queue.clean(Date.now() - until, STEP, type);
  return ids.length;
}

type CleanType = 'completed' | 'delayed' | 'failed' | 'prioritized' | 'wait';

import type { MinuteCounts, StoredMinute } from '../../history/minute-counts.ts';
import type { RedisClient } from './redis-access.ts';

/** The minutes of a day are the fields of one hash, which Redis forgets when the last of them is 7 days old. */
const DAY = 24 * 60;
const SECONDS_KEPT = 8 * 86_400;

/**
 * Adds the counts of a minute to those of other processes. KEYS: the day, the waiting jobs without and with a priority.
 * ARGV: minute; counts as JSON; seconds to keep the day.
 */
const ADD = `
local stored = redis.call('HGET', KEYS[1], ARGV[1])
local sum = stored and cjson.decode(stored) or {}
for name, count in pairs(cjson.decode(ARGV[2])) do sum[name] = (sum[name] or 0) + count end
sum.b = redis.call('LLEN', KEYS[2]) + redis.call('ZCARD', KEYS[3])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(sum))
redis.call('EXPIRE', KEYS[1], ARGV[3])
`;

/** Numbers by short names: enqueued, completed, failed, backlog, and each used bucket of wait and run, such as w12. */
type Packed = Record<string, number>;

/** Adds the counts of this process to the history of the queue with this prefix of keys. */
export async function addMinute(client: RedisClient, prefix: string, counts: MinuteCounts): Promise<void> {
  const { minute, enqueued: e, completed: c, failed: f, wait, run } = counts;
  const packed: Packed = { e, c, f, ...packBuckets('w', wait.counts), ...packBuckets('r', run.counts) };
  const keys = [dayKey(prefix, Math.floor(minute / DAY)), `${prefix}wait`, `${prefix}prioritized`];
  await client.eval(ADD, keys.length, ...keys, minute, JSON.stringify(packed), SECONDS_KEPT);
}

/** Reads the history of the queue from a minute to another, oldest first. */
export async function readMinutes(
  client: RedisClient,
  prefix: string,
  { since, until }: { since: number; until: number },
): Promise<StoredMinute[]> {
  const days = range(Math.floor(since / DAY), Math.floor(until / DAY));
  const found = await Promise.all(
    days.map(async (day) => {
      const minutes = range(Math.max(since, day * DAY), Math.min(until, (day + 1) * DAY - 1));
      const texts = await client.hmget(dayKey(prefix, day), ...minutes.map(String));
      return minutes.flatMap((minute, index) => unpack(minute, texts[index]));
    }),
  );
  return found.flat();
}

function unpack(minute: number, text: string | null | undefined): StoredMinute[] {
  if (!text) return [];
  const packed = JSON.parse(text) as Packed;
  const { e: enqueued = 0, c: completed = 0, f: failed = 0, b: backlog = 0 } = packed;
  const [wait, run] = [unpackBuckets('w', packed), unpackBuckets('r', packed)];
  return [{ minute, enqueued, completed, failed, backlog, wait, run }];
}

function packBuckets(name: string, counts: number[]): Packed {
  const used = counts.flatMap((count, bucket) => (count > 0 ? [[`${name}${bucket}`, count]] : []));
  return Object.fromEntries(used) as Packed;
}

function unpackBuckets(name: string, packed: Packed): number[] {
  const buckets: number[] = [];
  for (const [key, count] of Object.entries(packed))
    if (key.startsWith(name)) buckets[Number(key.slice(1))] = count;
  return Array.from(buckets, (count) => count ?? 0);
}

function dayKey(prefix: string, day: number): string {
  return `${prefix}fp-history:${day}`;
}

/** Returns the whole numbers from the first to the last. */
function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

import {
  historySteps,
  type HistoryStep,
  type MinuteCounts,
  type StoredMinute,
} from '../../history/minute-counts.ts';
import type { HistoryRequest } from '../queue-access.ts';
import type { RedisClient } from './redis-access.ts';

/** Rows in a hash, which Redis forgets when the last of them is 7 days old. */
const ROWS = 24 * 60;
const SECONDS_KEPT = 8 * 86_400;

/**
 * Adds the counts of a minute to those of a row. KEYS: the hash, the waiting jobs without and with a priority. ARGV: begin
 * of the row; counts as JSON; seconds to keep the hash.
 */
const ADD = `
local stored = redis.call('HGET', KEYS[1], ARGV[1])
local sum, given = stored and cjson.decode(stored) or {}, cjson.decode(ARGV[2])
local function add(all, more)
  for name, count in pairs(more) do all[name] = (all[name] or 0) + count end
  return all
end
for _, histogram in ipairs({'w', 'r'}) do
  sum[histogram] = add(sum[histogram] or {}, given[histogram])
  given[histogram] = nil
end
add(sum, given)
sum.b = redis.call('LLEN', KEYS[2]) + redis.call('ZCARD', KEYS[3])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(sum))
redis.call('EXPIRE', KEYS[1], ARGV[3])
`;

/** Numbers by short names: enqueued, completed, failed, deploys, backlog; and the used buckets of wait and run. */
interface Packed extends Partial<Record<'e' | 'c' | 'f' | 'd' | 'b', number>> {
  /** Without buckets it is an object after Redis has written it: Lua has no empty lists. */
  w: number[] | object;
  r: number[] | object;
}

/** Adds the counts of this process to the history of the queue with this prefix of keys. */
export async function addMinute(client: RedisClient, prefix: string, counts: MinuteCounts): Promise<void> {
  const { minute, enqueued: e, completed: c, failed: f, deploys: d, wait, run } = counts;
  const packed: Packed = { e, c, f, ...(d > 0 && { d }), w: wait.used(), r: run.used() };
  const add = async (step: HistoryStep) => {
    const keys = [hashKey(prefix, step, minute), `${prefix}wait`, `${prefix}prioritized`];
    const begin = minute - (minute % step);
    await client.eval(ADD, keys.length, ...keys, begin, JSON.stringify(packed), SECONDS_KEPT);
  };
  await Promise.all(historySteps.map(add));
}

/** Reads rows of the history of the queue, oldest first. */
export async function readMinutes(
  client: RedisClient,
  prefix: string,
  { since, until, step }: HistoryRequest,
): Promise<StoredMinute[]> {
  const hashLength = step * ROWS;
  const hashes = multiples(hashLength, since - (since % hashLength), until);
  const found = await Promise.all(
    hashes.map(async (hash) => {
      const begins = multiples(step, Math.max(since, hash), Math.min(until, hash + hashLength - 1));
      const texts = await client.hmget(hashKey(prefix, step, hash), ...begins.map(String));
      return begins.flatMap((begin, index) => unpack(begin, texts[index]));
    }),
  );
  return found.flat();
}

function unpack(minute: number, text: string | null | undefined): StoredMinute[] {
  if (!text) return [];
  const { e = 0, c = 0, f = 0, d = 0, b = 0, w, r } = JSON.parse(text) as Packed;
  const [wait, run] = [bucketsIn(w), bucketsIn(r)];
  return [{ minute, enqueued: e, completed: c, failed: f, backlog: b, hasDeploy: d > 0, wait, run }];
}

function bucketsIn(packed: Packed['w']): number[] {
  return Array.isArray(packed) ? packed : [];
}

function hashKey(prefix: string, step: HistoryStep, minute: number): string {
  return `${prefix}fp-history:${step}:${Math.floor(minute / (step * ROWS))}`;
}

/** Returns the multiples of a step from the first to the last. */
function multiples(step: number, first: number, last: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

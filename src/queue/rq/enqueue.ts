import type { Redis } from 'ioredis';
import { queueKeys } from './keys.ts';
import type { RqJobOptions } from './new-rq-job.ts';
import { runScript, script, type Argument } from './run-script.ts';

/**
 * Writes jobs in one transaction: all that `Queue.enqueue` and `Queue.enqueue_at` of RQ write, and the keys that keep a
 * message from making a second job. A job that is there already stays as it is, so that a write can be repeated.
 *
 * KEYS: the queue, its scheduled jobs, its scheduler's lock. ARGV: of each job its id, second when it is due or empty, 1 to go
 * first, deduplication key or empty, which state of its job prevents the add, milliseconds that the key is held, 1 to hold it longer for each job that is
 * turned away, retry intervals or empty, number of fields and values, fields and values.
 *
 * The hash is written after the id: if the queue's key holds something else, nothing is written, not half a job.
 * Gives 1 if a scheduler runs, else 0, and the id of the job that stands for each.
 */
const ENQUEUE = script(`
local unfinished = {queued = 1, started = 1, scheduled = 1, deferred = 1, created = 1, rate_limited = 1, ready_to_enqueue = 1}
local has_scheduler = redis.call('EXISTS', KEYS[3])
local answer, at = {has_scheduler}, 1

local function prevents(holder, id, state)
  if not holder then return false end
  if holder == id or state == 'any' then return true end
  return state == 'unfinished' and unfinished[redis.call('HGET', 'rq:job:' .. holder, 'status') or '']
end

redis.call('SADD', 'rq:queues', KEYS[1])
while at <= #ARGV do
  local id, due, front, key, state, ttl = unpack(ARGV, at, at + 5)
  local extends, intervals, length = unpack(ARGV, at + 6, at + 8)
  local first = at + 9
  at = first + length
  local job = 'rq:job:' .. id
  local holder = key ~= '' and redis.call('GET', key)
  if prevents(holder, id, state) then
    if extends == '1' then redis.call('PEXPIRE', key, ttl) end
    answer[#answer + 1] = holder
  else
    if redis.call('EXISTS', job) == 0 then
      if due ~= '' then
        redis.call('ZADD', KEYS[2], due, id)
      else
        redis.call(front == '1' and 'LPUSH' or 'RPUSH', KEYS[1], id)
      end
      redis.call('HSET', job, unpack(ARGV, first, at - 1))
      if intervals ~= '' and has_scheduler == 1 then redis.call('HSET', job, 'retry_intervals', intervals) end
      if key ~= '' then redis.call('SET', key, id, 'PX', ttl) end
    end
    answer[#answer + 1] = id
  end
end
return answer
`);

/** Adds jobs to a queue; gives the id of the job that stands for each, which may be an earlier one. */
export async function enqueue(
  client: Redis,
  queue: string,
  jobs: RqJobOptions[],
): Promise<{ ids: string[]; hasScheduler: boolean }> {
  const keys = queueKeys(queue);
  const answer = await runScript(client, ENQUEUE, {
    keys: [keys.queue, keys.scheduled, keys.scheduler],
    args: jobs.flatMap(scriptArguments),
  });
  const [hasScheduler, ...ids] = answer as [number, ...string[]];
  return { ids, hasScheduler: hasScheduler === 1 };
}

function scriptArguments({
  jobId,
  due,
  atFront,
  deduplication,
  retryIntervals,
  fields,
}: RqJobOptions): Argument[] {
  const { key = '', preventedBy = '', ttl = 0, extends: isExtended = false } = deduplication ?? {};
  const place = [jobId, due ?? '', atFront ? 1 : 0];
  return [...place, key, preventedBy, ttl, isExtended ? 1 : 0, retryIntervals, fields.length, ...fields];
}

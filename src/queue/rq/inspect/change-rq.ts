import type { Redis } from 'ioredis';
import { GiveUpError } from '../../../base/errors.ts';
import type { AnyJobState } from '../../../base/model.ts';
import { queueKeys } from '../keys.ts';
import { runScript, script } from '../run-script.ts';
import { stateOf } from './states.ts';

/**
 * The keys of each script are queue, started, scheduled, deferred, canceled, failed, finished; ARGV has the job's id, the
 * queue's name and the time of now in RQ's form. They answer 1 when they have changed the job, else with its status, which is
 * empty for a job that is not there or of another queue.
 */
const PROLOGUE = `
local id, queue, now = ARGV[1], ARGV[2], ARGV[3]
local job = 'rq:job:' .. id
local status = redis.pcall('HGET', job, 'status')
if type(status) ~= 'string' or redis.call('HGET', job, 'origin') ~= queue then return '' end
local function enqueue(at_front)
  redis.call('SADD', 'rq:queues', KEYS[1])
  redis.call('HSET', job, 'status', 'queued', 'enqueued_at', now, 'started_at', '', 'ended_at', '')
  redis.call('HDEL', job, 'exc_info')
  redis.call('PERSIST', job)
  redis.call(at_front and 'LPUSH' or 'RPUSH', KEYS[1], id)
  return 1
end
`;

/** As `rq requeue` does (FailedJobRegistry.requeue in registry.py); RQ gives it no retries. */
const REQUEUE = script(`${PROLOGUE}
if redis.call('HEXISTS', job, 'rate_limit_key') == 1 then return status end
if redis.call('ZREM', KEYS[6], id) == 0 then return status end
return enqueue(false)
`);

/** As a scheduler does when a job is due (scheduler.py). */
const RUN_NOW = script(`${PROLOGUE}
if redis.call('ZREM', KEYS[3], id) == 0 then return status end
return enqueue(redis.call('HGET', job, 'enqueue_at_front') == '1')
`);

/** As `Job.cancel` in job.py; a job that a worker has just taken is not there any more. */
const CANCEL = script(`${PROLOGUE}
local places = {queued = 1, scheduled = 3, deferred = 4}
local place = places[status]
if not place then return status end
local removed = place == 1 and redis.call('LREM', KEYS[1], 0, id) or place > 1 and redis.call('ZREM', KEYS[place], id)
if removed == 0 then return 'started' end
redis.call('HSET', job, 'status', 'canceled')
redis.call('ZADD', KEYS[5], redis.call('TIME')[1], id)
return 1
`);

/** As `Job.delete` in job.py, but not while the job runs. */
const REMOVE = script(`${PROLOGUE}
if status == 'started' then return status end
local removed = redis.call('LREM', KEYS[1], 0, id)
if status == 'queued' and removed == 0 then return 'started' end
for i = 3, 7 do redis.call('ZREM', KEYS[i], id) end
redis.call('DEL', job, job .. ':dependents', 'rq:job::' .. id .. ':dependencies', 'rq:results:' .. id, 'rq:executions:' .. id)
return 1
`);

const changes = {
  retry: {
    script: REQUEUE,
    remedy: 'only a dead letter can be retried, and only RQ itself can retry one with a rate limit',
  },
  runNow: { script: RUN_NOW, remedy: 'only a delayed job can be run early' },
  cancel: { script: CANCEL, remedy: 'only a job that has not begun can be canceled' },
  remove: { script: REMOVE, remedy: 'wait until it has ended, or stop its worker, then remove it' },
};

export type ChangeName = keyof typeof changes;

/** Changes a job; gives what state it is in if it cannot be changed, and undefined if it is gone. */
export async function tryChange(
  client: Redis,
  change: ChangeName,
  { queue, id }: { queue: string; id: string },
): Promise<'changed' | AnyJobState | undefined> {
  const { queue: list, started, scheduled, deferred, canceled, failed, finished } = queueKeys(queue);
  const answer = await runScript(client, changes[change].script, {
    keys: [list, started, scheduled, deferred, canceled, failed, finished],
    args: [id, queue, new Date().toISOString()],
  });
  return answer === 1 ? 'changed' : stateOf(String(answer));
}

/**
 * Changes a job.
 *
 * @throws GiveUpError when there is no such job, or its state does not allow it
 */
export async function changeRq(
  client: Redis,
  change: ChangeName,
  job: { queue: string; id: string },
): Promise<void> {
  const done = await tryChange(client, change, job);
  if (done === 'changed') return;
  if (done === undefined) throw noSuchJob(job);
  throw new GiveUpError(`job ${job.id} is ${done}: ${changes[change].remedy}`);
}

export function noSuchJob({ queue, id }: { queue: string; id: string }): GiveUpError {
  return new GiveUpError(
    `the queue ${queue} has no job ${id}: it may have been removed, list the jobs again`,
  );
}

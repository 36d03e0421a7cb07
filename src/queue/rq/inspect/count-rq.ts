import type { Redis } from 'ioredis';
import type { AnyJobState } from '../../../base/model.ts';
import { queueKeys, SUSPENDED } from '../keys.ts';
import { runScript, script } from '../run-script.ts';

/** Queued, started, scheduled, deferred and canceled; finished and failed ones that RQ still keeps, as its cleanup would leave them. */
const COUNT = script(`
local now = redis.call('TIME')[1]
local function kept(key) return redis.call('ZCARD', key) - redis.call('ZCOUNT', key, 0, now) end
return {
  redis.call('LLEN', KEYS[1]), redis.call('ZCARD', KEYS[2]), redis.call('ZCARD', KEYS[3]), redis.call('ZCARD', KEYS[4]),
  redis.call('ZCARD', KEYS[5]), kept(KEYS[6]), kept(KEYS[7]), redis.call('EXISTS', KEYS[8])
}
`);

/** A queue's numbers, as `rqinfo` shows them. */
export interface RqCounts {
  counts: Record<AnyJobState, number>;
  /** All workers are, of all queues. */
  isSuspended: boolean;
}

/** Counts a queue's jobs; it changes nothing, unlike `rqinfo`, which moves abandoned jobs. */
export async function countRq(client: Redis, queue: string): Promise<RqCounts> {
  const keys = queueKeys(queue);
  const sets = [keys.started, keys.scheduled, keys.deferred, keys.canceled, keys.finished, keys.failed];
  const answer = await runScript(client, COUNT, { keys: [keys.queue, ...sets, SUSPENDED], args: [] });
  const numbers = answer as number[];
  const at = (index: number) => numbers[index] ?? 0;
  return {
    counts: {
      waiting: at(0),
      running: at(1),
      delayed: at(2),
      completed: at(5),
      dead: at(6),
      deferred: at(3),
      canceled: at(4),
    },
    isSuspended: at(7) > 0,
  };
}

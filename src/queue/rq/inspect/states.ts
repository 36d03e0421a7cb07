import { jobStates, rqStates, type AnyJobState } from '../../../base/model.ts';
import { queueKeys } from '../keys.ts';

/** All states that a job of RQ can be shown in. */
export const allStates = [...jobStates, ...rqStates];

/** RQ's words (JobStatus in job.py) in those of this package. A job that waits for a free slot waits. */
const words: Readonly<Record<string, AnyJobState>> = {
  created: 'waiting',
  queued: 'waiting',
  rate_limited: 'waiting',
  ready_to_enqueue: 'waiting',
  started: 'running',
  scheduled: 'delayed',
  finished: 'completed',
  failed: 'dead',
  stopped: 'dead',
  deferred: 'deferred',
  canceled: 'canceled',
};

export function stateOf(status: string): AnyJobState | undefined {
  return Object.hasOwn(words, status) ? words[status] : undefined;
}

/** Where the jobs of each state are. */
export function listKey(queue: string, state: AnyJobState): { type: 'list' | 'set'; key: string } {
  const keys = queueKeys(queue);
  switch (state) {
    case 'waiting':
      return { type: 'list', key: keys.queue };
    case 'running':
      return { type: 'set', key: keys.started };
    case 'delayed':
      return { type: 'set', key: keys.scheduled };
    case 'completed':
      return { type: 'set', key: keys.finished };
    case 'dead':
      return { type: 'set', key: keys.failed };
    case 'deferred':
      return { type: 'set', key: keys.deferred };
    case 'canceled':
    default:
      return { type: 'set', key: keys.canceled };
  }
}

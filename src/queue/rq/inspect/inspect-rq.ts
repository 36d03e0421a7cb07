import type { Redis } from 'ioredis';
import { GiveUpError } from '../../../base/errors.ts';
import { isWhole, throwMistakes } from '../../../base/mistakes.ts';
import type { AnyJobState } from '../../../base/model.ts';
import type { BulkOptions } from '../../inspect/change-jobs.ts';
import { readCursor, writeCursor } from '../../inspect/cursor.ts';
import type { Inspector } from '../../inspect/inspector.ts';
import type { JobPage, ListOptions } from '../../inspect/list-jobs.ts';
import { resolveRqQueueOptions } from '../rq-options.ts';
import type { RqStore } from '../rq-store.ts';
import type { ReadPickle } from '../read-serialized.ts';
import { changeAll } from './change-all.ts';
import { changeRq, type ChangeName } from './change-rq.ts';
import { countRq } from './count-rq.ts';
import { jobRow } from './job-row.ts';
import { listRqWorkers } from './list-rq-workers.ts';
import { oldestWaiting } from './oldest-waiting.ts';
import { readRqJob } from './read-rq-job.ts';
import { readRows } from './read-rows.ts';
import { allStates, listKey } from './states.ts';

/** Which queue, and how its pickles are read. */
export interface RqInspection {
  queue_name: string;
  readPickle: ReadPickle;
}

/**
 * Inspects a queue that Python's RQ workers take jobs from. Looking changes nothing; changes are those that RQ's own tools make.
 *
 * @throws OptionsError when no queue can have this name
 */
export function inspectRq(store: RqStore, { queue_name, readPickle }: RqInspection): Inspector {
  const { queue_name: queue } = resolveRqQueueOptions({ queue_name });
  const withClient = async <T>(work: (client: Redis) => Promise<T>) => work(await store.client());
  const change = (name: ChangeName) => (id: string) =>
    withClient((client) => changeRq(client, name, { queue, id }));
  return {
    counts: () => withClient((client) => counts(client, queue)),
    state: () => withClient((client) => state(client, queue)),
    list: (request) => withClient((client) => list(client, request, { queue, readPickle })),
    show: (id) => readRqJob(store, id, { queue, readPickle }),
    workers: () => withClient((client) => listRqWorkers(client, queue)),
    retry: change('retry'),
    runNow: change('runNow'),
    cancel: change('cancel'),
    remove: change('remove'),
    retryAll: (options) =>
      withClient((client) => changeAll(client, 'retry', { queue, state: 'dead', ...options })),
    removeAll: ({ state: name, ...options }) => {
      const checked = checkedState(name, REMOVABLE);
      return withClient((client) => changeAll(client, 'remove', { queue, state: checked, ...options }));
    },
    empty: (options) => withClient((client) => empty(client, { queue, ...options })),
    pause: () => Promise.reject(new GiveUpError(NO_PAUSE)),
    resume: () => Promise.reject(new GiveUpError(NO_PAUSE)),
    schedules: () => Promise.resolve([]),
    removeSchedule: () => Promise.reject(new GiveUpError(NO_SCHEDULES)),
  };
}

/** Removes what has not begun. */
async function empty(client: Redis, options: BulkOptions & { queue: string }): Promise<number> {
  const waiting = await changeAll(client, 'remove', { ...options, state: 'waiting' });
  return waiting + (await changeAll(client, 'remove', { ...options, state: 'delayed' }));
}

export const NO_SCHEDULES = 'RQ keeps no schedules';

const NO_PAUSE =
  'RQ cannot pause one queue: `rq suspend` and `rq resume` stop and start the workers of all queues of this Redis';

const REMOVABLE = allStates.filter((one) => one !== 'running');

async function counts(client: Redis, queue: string) {
  const [{ counts: found }, workers] = await Promise.all([
    countRq(client, queue),
    listRqWorkers(client, queue),
  ]);
  return {
    queue_name: queue,
    type: 'rq' as const,
    waiting: found.waiting,
    active: found.running,
    delayed: found.delayed,
    prioritized: 0,
    completed: found.completed,
    failed: found.dead,
    deferred: found.deferred,
    canceled: found.canceled,
    workers: workers.filter((worker) => worker.state !== 'lost').length,
    // Redis always counts all.
    counted_to: Number.MAX_SAFE_INTEGER,
  };
}

async function state(client: Redis, queue: string) {
  const [{ counts: found, isSuspended }, due] = await Promise.all([
    countRq(client, queue),
    oldestWaiting(client, queue),
  ]);
  const age = due === undefined ? undefined : Math.max(0, Date.now() - due);
  return { queue, counts: found, isPaused: isSuspended, oldestWaiting: age };
}

async function list(
  client: Redis,
  { state: name, order = 'newest', limit = 50, cursor }: ListOptions,
  { queue, readPickle }: { queue: string; readPickle: ReadPickle },
): Promise<JobPage> {
  throwMistakes([
    ['newest', 'oldest'].includes(order) || 'order must be newest or oldest',
    isWhole(limit, 1, 100) || 'limit must be a whole number from 1 to 100',
  ]);
  const known = checkedState(name, allStates);
  const after = cursor === undefined ? undefined : readCursor({ state: known, order }, cursor);
  // One row more tells whether there is a next page.
  const request = { ...listKey(queue, known), order, limit: limit + 1, after };
  const found = await readRows(client, request);
  const last = found.length > limit ? found[limit - 1] : undefined;
  // RQ's registries name jobs for a while that Redis has forgotten.
  const rows = found.slice(0, limit).filter(({ fields }) => fields.status.length > 0);
  return {
    rows: rows.map((row) => jobRow(row, { queue, state: known, readPickle })),
    next: last && writeCursor({ state: known, order }, last.position),
  };
}

function checkedState(name: string, known: readonly AnyJobState[]): AnyJobState {
  const found = known.find((one) => one === name);
  throwMistakes([found !== undefined || `state must be one of ${known.join(', ')}`]);
  return found as AnyJobState;
}

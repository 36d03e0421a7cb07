import type { Redis } from 'ioredis';
import { GiveUpError } from '../../../base/errors.ts';
import { isWhole, throwMistakes } from '../../../base/mistakes.ts';
import type { AnyJobState } from '../../../base/model.ts';
import type { BulkOptions } from '../../inspect/in-steps.ts';
import { readCursor, writeCursor } from '../../inspect/cursor.ts';
import { countedTo } from '../../inspect/counted-to.ts';
import { errorGroups, type ErrorGroups, type GroupedError } from '../../inspect/error-groups.ts';
import type { Inspector } from '../../inspect/inspector.ts';
import { filterMistakes, matcherOf } from '../../inspect/job-filter.ts';
import type { JobPage, ListOptions } from '../../inspect/list-jobs.ts';
import { refusalsOf, type Ability } from '../../inspect/refusals.ts';
import { readList } from '../../inspect/read-list.ts';
import type { Position } from '../../store/queue-access.ts';
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
import { readRows, type FoundJob } from './read-rows.ts';
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
    groups: (options) => withClient((client) => groups(client, options, { queue, readPickle })),
    history: () => refuse('history'),
    show: (id) => readRqJob(store, id, { queue, readPickle }),
    workers: () => withClient((client) => listRqWorkers(client, queue)),
    retry: change('retry'),
    runNow: change('runNow'),
    cancel: change('cancel'),
    remove: change('remove'),
    retryEdited: () => refuse('edit'),
    retryAll: (options) =>
      withClient((client) => changeAll(client, 'retry', { queue, readPickle, state: 'dead', ...options })),
    removeAll: ({ state: name, ...options }) => {
      const checked = checkedState(name, REMOVABLE);
      return withClient((client) =>
        changeAll(client, 'remove', { queue, readPickle, state: checked, ...options }),
      );
    },
    empty: (options) => withClient((client) => empty(client, { queue, readPickle, ...options })),
    pause: () => refuse('pause'),
    resume: () => refuse('pause'),
    schedules: () => Promise.resolve([]),
    removeSchedule: () => refuse('schedules'),
  };
}

interface Inspected {
  queue: string;
  readPickle: ReadPickle;
}

/** Removes what has not begun. */
async function empty(client: Redis, options: BulkOptions & Inspected): Promise<number> {
  const waiting = await changeAll(client, 'remove', { ...options, state: 'waiting' });
  return waiting + (await changeAll(client, 'remove', { ...options, state: 'delayed' }));
}

async function refuse(what: Ability): Promise<never> {
  throw new GiveUpError(refusalsOf('rq')[what] ?? '');
}

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
    counted_to: countedTo('rq', Infinity),
  };
}

async function state(client: Redis, queue: string) {
  const [{ counts: found, isSuspended }, due] = await Promise.all([
    countRq(client, queue),
    oldestWaiting(client, queue),
  ]);
  const age = due === undefined ? undefined : Math.max(0, Date.now() - due);
  return {
    queue,
    counts: found,
    countedTo: countedTo('rq', Infinity),
    isPaused: isSuspended,
    oldestWaiting: age,
  };
}

async function list(client: Redis, options: ListOptions, { queue, readPickle }: Inspected): Promise<JobPage> {
  const { state: name, order = 'newest', limit = 50, cursor } = options;
  throwMistakes([
    ['newest', 'oldest'].includes(order) || 'order must be newest or oldest',
    isWhole(limit, 1, 100) || 'limit must be a whole number from 1 to 100',
    ...filterMistakes(options, name),
  ]);
  const known = checkedState(name, allStates);
  const after = cursor === undefined ? undefined : readCursor({ state: known, order }, cursor);
  const jobs = {
    read: (count: number, from: Position | undefined) =>
      readRows(client, { ...listKey(queue, known), order, limit: count, after: from }),
    // RQ's registries name jobs for a while that Redis has forgotten.
    toRow: (found: FoundJob) =>
      found.fields.status.length > 0 ? jobRow(found, { queue, state: known, readPickle }) : undefined,
    matches: matcherOf(options),
  };
  const { position, ...part } = await readList(jobs, { limit, after });
  return { ...part, next: position && writeCursor({ state: known, order }, position) };
}

/** Dead letters with their tracebacks, which are read whole. */
const MOST_READ = 2000;
const READ_STEP = 250;

async function groups(
  client: Redis,
  { mostRead = MOST_READ }: { mostRead?: number } = {},
  { queue, readPickle }: Inspected,
): Promise<ErrorGroups> {
  throwMistakes([isWhole(mostRead, 1) || 'mostRead must be a whole number of 1 or more']);
  const errors: GroupedError[] = [];
  let after: Position | undefined;
  while (errors.length <= mostRead) {
    const limit = Math.min(READ_STEP, mostRead + 1 - errors.length);
    const found = await readRows(client, { ...listKey(queue, 'dead'), order: 'newest', limit, after });
    if (found.length === 0) break;
    after = found.at(-1)?.position;
    const rows = found.map((one) => jobRow(one, { queue, state: 'dead', readPickle }));
    errors.push(
      ...rows.map(({ error = '', finishedAt }) => ({ error, finishedAt: Number(finishedAt ?? 0) })),
    );
  }
  return errorGroups(errors, mostRead);
}

function checkedState(name: string, known: readonly AnyJobState[]): AnyJobState {
  const found = known.find((one) => one === name);
  throwMistakes([found !== undefined || `state must be one of ${known.join(', ')}`]);
  return found as AnyJobState;
}

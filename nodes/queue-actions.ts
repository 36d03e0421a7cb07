/** What the Jobs sidebar and fp-control can do to a queue. */
import {
  OptionsError,
  type BulkOptions,
  type Inspector,
  type RemoveAllOptions,
  type RetryAllOptions,
} from '../src/index.ts';

/** Selects a job or a state, which have not been checked. */
export interface Selection {
  id?: unknown;
  state?: unknown;
  /** Key of a group of dead letters. */
  group?: unknown;
  /** Jobs per second. */
  perSecond?: unknown;
  /** Ends a bulk action early. */
  signal: AbortSignal;
  /** Called with the number of jobs that a bulk action has changed. */
  onProgress?: (changed: number) => void;
}

const LONGEST_ID = 1000;

export type QueueAction = 'pause' | 'resume' | 'retry' | 'retry_all' | 'run_now' | 'remove' | 'empty';

/** Resolves to the number of changed jobs, or to nothing if it only changes the queue. */
type Act = (queue: Inspector, selection: Selection) => Promise<number | void>;

export const queueActions: Record<QueueAction, Act> = {
  pause: (queue) => queue.pause(),
  resume: (queue) => queue.resume(),
  retry: (queue, { id }) => one(queue.retry(jobIdOf(id))),
  // The inspector checks group, speed and state.
  retry_all: (queue, { group, perSecond, ...bulk }) =>
    queue.retryAll({ group, perSecond, ...bulkOptions(bulk) } as RetryAllOptions),
  run_now: (queue, { id }) => one(queue.runNow(jobIdOf(id))),
  remove: (queue, { id }) => one(queue.remove(jobIdOf(id))),
  empty: (queue, { state, group, ...bulk }) =>
    queue.removeAll({ state, group, ...bulkOptions(bulk) } as RemoveAllOptions),
};

/** Actions that may take long. */
export const bulkActions: ReadonlySet<QueueAction> = new Set(['retry_all', 'empty']);

export function isQueueAction(name: unknown): name is QueueAction {
  return typeof name === 'string' && Object.hasOwn(queueActions, name);
}

/** @throws OptionsError if there is no such action */
export function queueActionOf(name: unknown): QueueAction {
  if (isQueueAction(name)) return name;
  throw new OptionsError([`the action must be one of ${Object.keys(queueActions).join(', ')}`]);
}

/** @throws OptionsError if the ID is not text of 1 to 1000 characters */
export function jobIdOf(id: unknown): string {
  if (typeof id === 'string' && id !== '' && id.length <= LONGEST_ID) return id;
  throw new OptionsError([`the ID of the job must be text of 1 to ${LONGEST_ID} characters`]);
}

function bulkOptions({ signal, onProgress }: Pick<Selection, 'signal' | 'onProgress'>): BulkOptions {
  return { signal, ...(onProgress && { onProgress }) };
}

async function one(change: Promise<void>): Promise<number> {
  await change;
  return 1;
}

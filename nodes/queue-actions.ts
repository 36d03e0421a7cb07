/** Actions of the Jobs sidebar and fp-control on a queue. */
import { OptionsError, type BulkOptions, type Inspector, type RemovableState } from '../src/index.ts';

/** Selects a job or a state, which have not been checked. */
interface Selection {
  id?: unknown;
  state?: unknown;
  /** The key of a group of dead letters. */
  group?: unknown;
  /** Maximum number of jobs per second that are retried. */
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
  retry_all: (queue, { group, perSecond, ...bulk }) =>
    queue.retryAll({
      group: textOf('group', group),
      perSecond: perSecondOf(perSecond),
      ...bulkOptions(bulk),
    }),
  run_now: (queue, { id }) => one(queue.runNow(jobIdOf(id))),
  remove: (queue, { id }) => one(queue.remove(jobIdOf(id))),
  // The inspector checks the state.
  empty: (queue, { state, group, ...bulk }) =>
    queue.removeAll({
      state: state as RemovableState,
      group: textOf('group', group),
      ...bulkOptions(bulk),
    }),
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

/** @throws OptionsError if the value is neither text nor missing */
export function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new OptionsError([`${name} must be text`]);
}

function perSecondOf(value: unknown): number | undefined {
  if (value === undefined || (typeof value === 'number' && value > 0)) return value;
  throw new OptionsError(['perSecond must be a number above 0']);
}

function bulkOptions({ signal, onProgress }: Pick<Selection, 'signal' | 'onProgress'>): BulkOptions {
  return { signal, ...(onProgress && { onProgress }) };
}

async function one(change: Promise<void>): Promise<number> {
  await change;
  return 1;
}

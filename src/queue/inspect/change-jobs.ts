import { throwMistakes } from '../../base/mistakes.ts';
import type { JobState } from '../../base/model.ts';
import type { Position, QueueAccess } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';
import { errorPattern } from './error-pattern.ts';
import { inSteps, throttleMistakes, type BulkOptions, type Step, type Throttle } from './in-steps.ts';
import { inspectedQueue } from './inspected-queue.ts';
import { filterMistakes } from './job-filter.ts';

/** Options of a bulk action on dead letters. */
export interface GroupOptions extends BulkOptions {
  /** The `key` of a group of errors. Default: all */
  group?: string | undefined;
}

export type RetryAllOptions = GroupOptions & Throttle;

export interface RemoveAllOptions extends GroupOptions {
  state: RemovableState;
}

/** States whose jobs can be removed in bulk. */
export const removableStates = ['waiting', 'delayed', 'completed', 'dead'] as const;

export type RemovableState = (typeof removableStates)[number];

/**
 * Returns all dead letters, or those of a group, to their queue, oldest first, with all their attempts. Jobs that fail
 * again meanwhile stay dead letters.
 *
 * @returns the number of jobs; fewer if the signal has aborted
 */
export async function retryAll(
  store: Store,
  queueName: string,
  { group, ...options }: RetryAllOptions = {},
): Promise<number> {
  throwMistakes([...throttleMistakes(options), ...filterMistakes({ group }, 'dead')]);
  const { access } = await inspectedQueue(store, queueName);
  const step: Step =
    group === undefined
      ? ({ until, most }) => access.retryStep(until, most)
      : ofGroup(access, group, (ids) => access.retryDead(ids));
  return inSteps([step], options);
}

/**
 * Removes all jobs of a state, or the dead letters of a group, oldest first. Jobs that enter the state meanwhile stay,
 * and so does the next job of a schedule.
 *
 * @returns the number of jobs; fewer if the signal has aborted
 * @throws OptionsError if the state is not one of `removableStates`
 */
export async function removeAll(
  store: Store,
  queueName: string,
  { state, group, ...options }: RemoveAllOptions,
): Promise<number> {
  throwMistakes([
    removableStates.includes(state) || `state must be one of ${removableStates.join(', ')}`,
    ...filterMistakes({ group }, state),
  ]);
  const { access } = await inspectedQueue(store, queueName);
  const step =
    group === undefined ? removing(access, state) : ofGroup(access, group, (ids) => access.removeDead(ids));
  return inSteps([step], options);
}

/**
 * Empties a queue: removes all waiting and delayed jobs. Running and finished ones stay.
 *
 * @returns the number of jobs; fewer if the signal has aborted
 */
export async function emptyQueue(
  store: Store,
  queueName: string,
  options: BulkOptions = {},
): Promise<number> {
  const { access } = await inspectedQueue(store, queueName);
  return inSteps([removing(access, 'waiting'), removing(access, 'delayed')], options);
}

function removing(access: QueueAccess, state: Exclude<JobState, 'running'>): Step {
  return ({ until }) => access.removeStep(state, until);
}

/** Dead letters whose errors are read at once. */
const READ_STEP = 1000;

/** Changes the dead letters of a group. */
function ofGroup(access: QueueAccess, group: string, change: (ids: string[]) => Promise<number>): Step {
  let after: Position | undefined;
  let ids: string[] = [];
  const readMore = async (until: number) => {
    const found = await access.deadErrors({ order: 'oldest', limit: READ_STEP, after });
    after = found.at(-1)?.position;
    const matching = found.filter(
      ({ error, finishedAt }) => finishedAt <= until && errorPattern(error) === group,
    );
    ids.push(...matching.map(({ id }) => id));
    return found.length > 0;
  };
  return async ({ until, most, isCancelled }) => {
    while (!isCancelled()) {
      if (ids.length === 0 && !(await readMore(until))) return 0;
      const changed = ids.length === 0 ? 0 : await change(ids.splice(0, most));
      // Others may have changed them first.
      if (changed > 0) return changed;
    }
    return 0;
  };
}

import { throwMistakes } from '../../base/mistakes.ts';
import type { JobState } from '../../base/model.ts';
import type { QueueAccess } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** Options of a bulk action. */
export interface BulkOptions {
  /** Aborting it ends the action after the current step. */
  signal?: AbortSignal;
  /** Called after each step with the total number of changed jobs. */
  onProgress?: (changed: number) => void;
}

/** States whose jobs can be removed in bulk. */
export const removableStates = ['waiting', 'delayed', 'completed', 'dead'] as const;

export type RemovableState = (typeof removableStates)[number];

/**
 * Returns all dead letters to their queue, oldest first, with all their attempts. Jobs that fail again meanwhile stay
 * dead letters.
 *
 * @returns the number of jobs; fewer if the signal has aborted
 */
export async function retryAll(store: Store, queueName: string, options: BulkOptions = {}): Promise<number> {
  const { access } = await inspectedQueue(store, queueName);
  return inSteps([(until) => access.retryStep(until)], options);
}

/**
 * Removes all jobs of a state, oldest first. Jobs that enter the state meanwhile stay, and so does the next job of a
 * schedule.
 *
 * @returns the number of jobs; fewer if the signal has aborted
 * @throws OptionsError if the state is not one of `removableStates`
 */
export async function removeAll(
  store: Store,
  queueName: string,
  { state, ...options }: BulkOptions & { state: RemovableState },
): Promise<number> {
  throwMistakes([removableStates.includes(state) || `state must be one of ${removableStates.join(', ')}`]);
  const { access } = await inspectedQueue(store, queueName);
  return inSteps([removing(access, state)], options);
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

type Step = (until: number) => Promise<number>;

function removing(access: QueueAccess, state: Exclude<JobState, 'running'>): Step {
  return (until) => access.removeStep(state, until);
}

/** Repeats each step until it finds no more jobs. */
async function inSteps(steps: Step[], { signal, onProgress }: BulkOptions): Promise<number> {
  const until = Date.now();
  const isCancelled = () => signal?.aborted ?? false;
  let changed = 0;
  for (const step of steps) {
    while (!isCancelled()) {
      const last = await step(until);
      if (last === 0) break;
      changed += last;
      onProgress?.(changed);
    }
  }
  return changed;
}

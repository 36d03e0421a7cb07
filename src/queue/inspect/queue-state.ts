import { isWhole, throwMistakes } from '../../mistakes.ts';
import type { AnyJobState, JobState } from '../../model.ts';
import type { Store } from '../store/store.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** Default of `mostCounted`. */
export const MOST_COUNTED = 100_000;

/** A queue at a glance. */
export interface QueueState {
  queue: string;
  /** On PostgreSQL and the embedded store, `mostCounted` + 1 means "more than mostCounted". */
  counts: Record<JobState, number> & Partial<Record<AnyJobState, number>>;
  /** Jobs come in, none is taken. */
  isPaused: boolean;
  /**
   * Milliseconds since the oldest waiting job was due; undefined if no job waits. Compares the next job of each
   * priority. A retried dead letter counts from when it was first due.
   */
  oldestWaiting: number | undefined;
}

/**
 * Counts a queue's jobs.
 *
 * PostgreSQL and the embedded store read each job that they count, and the embedded one does nothing else meanwhile. A
 * front end that counts often gives a small `mostCounted`. Redis always counts all, at no cost.
 */
export async function readQueueState(
  store: Store,
  queueName: string,
  { mostCounted = MOST_COUNTED }: { mostCounted?: number } = {},
): Promise<QueueState> {
  throwMistakes([isWhole(mostCounted, 1) || 'mostCounted must be a whole number of 1 or more']);
  const { queue, access } = await inspectedQueue(store, queueName);
  const [counts, isPaused, due] = await Promise.all([
    access.counts(mostCounted),
    queue.isPaused(),
    access.oldestWaiting(),
  ]);
  const oldestWaiting = due === undefined ? undefined : Math.max(0, Date.now() - due);
  return { queue: queueName, counts, isPaused, oldestWaiting };
}

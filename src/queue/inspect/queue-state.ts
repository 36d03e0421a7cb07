import { isWhole, throwMistakes } from '../../base/mistakes.ts';
import type { AnyJobState, JobState } from '../../base/model.ts';
import type { Store } from '../store/store.ts';
import { countedTo } from './counted-to.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** Default of `mostCounted`. */
const MOST_COUNTED = 100_000;

/** Summary of a queue. */
export interface QueueState {
  queue: string;
  counts: Record<JobState, number> & Partial<Record<AnyJobState, number>>;
  /** A count above it means "at least so many". */
  countedTo: number;
  /** Jobs are added but not taken. */
  isPaused: boolean;
  /**
   * Milliseconds since the oldest waiting job was due; undefined if no job waits. Only compares the next job of each
   * priority. A retried dead letter counts from when it was first due.
   */
  oldestWaiting: number | undefined;
}

/**
 * Counts a queue's jobs.
 *
 * PostgreSQL and the embedded store read every job that they count, and the embedded store is blocked meanwhile. If you
 * count often, set a small `mostCounted`. Redis ignores it: counting is free.
 */
export async function readQueueState(
  store: Store,
  queueName: string,
  { mostCounted = MOST_COUNTED }: { mostCounted?: number } = {},
): Promise<QueueState> {
  throwMistakes([isWhole(mostCounted, 1) || 'mostCounted must be a whole number of 1 or more']);
  const { queue, access } = await inspectedQueue(store, queueName);
  const [{ prioritized, ...counts }, isPaused, due] = await Promise.all([
    access.counts(mostCounted),
    queue.isPaused(),
    access.oldestWaiting(),
  ]);
  const oldestWaiting = due === undefined ? undefined : Math.max(0, Date.now() - due);
  return {
    queue: queueName,
    counts: { ...counts, waiting: counts.waiting + prioritized },
    countedTo: countedTo(store.kind, mostCounted),
    isPaused,
    oldestWaiting,
  };
}

import type { JobState } from '../../model.ts';
import type { Store } from '../store/store.ts';
import { inspectedQueue } from './inspected-queue.ts';

export { MOST_COUNTED } from '../store/queue-access.ts';

/** A queue at a glance. */
export interface QueueState {
  queue: string;
  /** On PostgreSQL, 100,001 (`MOST_COUNTED` + 1) means more than 100,000: it reads each job that it counts. */
  counts: Record<JobState, number>;
  /** Jobs come in, none is taken. */
  isPaused: boolean;
  /**
   * Milliseconds since the oldest waiting job was due; undefined if no job waits. Compares the next job of each
   * priority. A retried dead letter counts from when it was first due.
   */
  oldestWaiting: number | undefined;
}

/** Counts a queue's jobs. The cost does not grow with the queue. */
export async function readQueueState(store: Store, queueName: string): Promise<QueueState> {
  const { queue, access } = await inspectedQueue(store, queueName);
  const [counts, isPaused, due] = await Promise.all([
    access.counts(),
    queue.isPaused(),
    access.oldestWaiting(),
  ]);
  const oldestWaiting = due === undefined ? undefined : Math.max(0, Date.now() - due);
  return { queue: queueName, counts, isPaused, oldestWaiting };
}

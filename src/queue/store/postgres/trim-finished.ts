import type { Retention } from '../../../model.ts';
import type { StoreQueue } from '../driver.ts';

/** Milliseconds that BullMQ's `clean` may read the clock after us. */
const SLACK = 5;
/** Most jobs that finished within that time. */
const MOST_CLOSE = 1000;

/**
 * Removes finished jobs of a queue that are too many or too old.
 *
 * BullMQ would do it with every job, and compares every job of the queue with every one that stays: for a hundred thousand
 * that takes hours, in which the store does nothing else.
 */
export async function trimFinished(
  queue: StoreQueue,
  state: 'completed' | 'failed',
  { count, age = Infinity }: Retention,
): Promise<void> {
  const [newestTooMany] = await queue.getJobs([state], count, count);
  const { finishedOn = -Infinity } = newestTooMany ?? {};
  const grace = Math.min(Date.now() - finishedOn + SLACK, age * 1000);
  if (grace < Infinity) await queue.clean(grace, 0, state);
  if (newestTooMany) await removeFrom(queue, state, count);
}

/** Removes one by one what finished so close to jobs that stay that only the order of the list tells them apart. */
async function removeFrom(queue: StoreQueue, state: 'completed' | 'failed', start: number): Promise<void> {
  for (const job of await queue.getJobs([state], start, start + MOST_CLOSE - 1)) await job.remove();
}

import type { Retention } from '../../../model.ts';
import type { StoreQueue } from '../driver.ts';

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
  const grace = Math.min(Date.now() - finishedOn, age * 1000);
  if (grace < Infinity) await queue.clean(grace, 0, state);
}

import { DelayedError, WaitingError } from 'bullmq';
import type { StoreJob } from './store/driver.ts';

/**
 * Gives a running job back to its queue with no attempt used up: as the next to be taken, or in `delay` milliseconds.
 *
 * @returns what a worker's process function has to throw, so that BullMQ leaves the job alone
 */
export async function giveBack(job: StoreJob, token: string, delay: number): Promise<Error> {
  if (delay > 0) {
    await job.moveToDelayed(Date.now() + delay, token);
    return new DelayedError();
  }
  await job.moveToWait(token);
  // PostgreSQL puts it last. If a worker took it meanwhile, this changes nothing.
  await job.changePriority({ priority: job.priority, lifo: true });
  return new WaitingError();
}

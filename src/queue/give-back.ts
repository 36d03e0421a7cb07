import { DelayedError, WaitingError } from 'bullmq';
import type { StoreJob } from './store/driver.ts';

/**
 * Returns a running job to its queue without using up an attempt: first in line, or after `delay` milliseconds.
 *
 * @returns the error that a worker's process function must throw, so that BullMQ does not touch the job
 */
export async function giveBack(job: StoreJob, token: string, delay: number): Promise<Error> {
  if (delay > 0) {
    await job.moveToDelayed(Date.now() + delay, token);
    return new DelayedError();
  }
  await job.moveToWait(token);
  // On PostgreSQL, moveToWait() puts the job last. This call has no effect if a worker has already taken the job.
  await job.changePriority({ priority: job.priority, lifo: true });
  return new WaitingError();
}

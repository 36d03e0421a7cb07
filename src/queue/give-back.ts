import type { StoreJob } from './driver.ts';

/** Gives a running job back to its queue, as the next to be taken and with no attempt used up. */
export async function giveBack(job: StoreJob, token: string): Promise<void> {
  await job.moveToWait(token);
  // PostgreSQL puts it last. If a worker took it meanwhile, this changes nothing.
  await job.changePriority({ priority: job.priority, lifo: true });
}

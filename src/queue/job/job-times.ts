import type { StoreJob } from '../store/driver.ts';

/** When a job was due for its first attempt. */
export function dueAt(job: StoreJob): Date {
  return job.repeatJobKey ? tickOf(job) : new Date(job.timestamp + (job.opts.delay ?? 0));
}

/** The time of a schedule's job: BullMQ's ID is `repeat:<key>:<milliseconds since 1970>`. */
export function tickOf({ id = '', timestamp }: StoreJob): Date {
  return new Date(Number(id.split(':').at(-1)) || timestamp);
}

/** Milliseconds since the attempt began. */
export function ranFor({ processedOn }: StoreJob): number {
  return processedOn === undefined ? 0 : Date.now() - processedOn;
}

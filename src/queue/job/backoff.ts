import type { BackoffOptions, BackoffStrategy } from 'bullmq';
import type { QueueOptions } from '../options.ts';
import type { StoreJob } from '../store/driver.ts';

/** BullMQ's name for our backoff with a maximum. */
const BOUNDED = 'bounded';

/** Stored backoff of a job, in milliseconds. */
export interface Backoff extends BackoffOptions {
  /** Maximum delay of a bounded backoff. */
  longest?: number;
}

/** Returns BullMQ's backoff options for a job with this number of attempts. */
export function backoffOf(queue: QueueOptions, attempts: number): Backoff {
  const [delay, longest] = [Math.round(queue.backoff_delay * 1000), queue.backoff_max * 1000];
  if (queue.backoff === 'fixed') return { type: 'fixed', delay };
  // Prefer BullMQ's own type if the maximum is not reached: only our workers know the bounded one.
  if (delay * 2 ** (attempts - 2) <= longest) return { type: 'exponential', delay };
  return { type: BOUNDED, delay, longest };
}

const grow: BackoffStrategy = (...[attemptsMade, , , job]) => {
  const { delay = 0, longest = 0 } = (job as StoreJob).opts.backoff as Backoff;
  return Math.min(delay * 2 ** (attemptsMade - 1), longest);
};

/** Worker settings for our type of backoff (https://docs.bullmq.io/guide/retrying-failing-jobs). */
export const backoffSettings = { backoffStrategy: grow };

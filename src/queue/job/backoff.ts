import type { BackoffOptions, BackoffStrategy } from 'bullmq';
import type { QueueOptions } from '../options.ts';
import type { StoreJob } from '../store/driver.ts';

/** The name, in BullMQ, of a delay that doubles up to a longest one. */
const BOUNDED = 'bounded';

/** How long a job waits before its retries, as its store keeps it. Milliseconds. */
export interface Backoff extends BackoffOptions {
  /** Of a bounded one. */
  longest?: number;
}

/** How long a job with so many attempts waits before each retry, as BullMQ takes it. */
export function backoffOf(queue: QueueOptions, attempts: number): Backoff {
  const [delay, longest] = [Math.round(queue.backoff_delay * 1000), queue.backoff_max * 1000];
  if (queue.backoff === 'fixed') return { type: 'fixed', delay };
  // Any worker of BullMQ knows this one; a bounded one only ours do.
  if (delay * 2 ** (attempts - 2) <= longest) return { type: 'exponential', delay };
  return { type: BOUNDED, delay, longest };
}

const grow: BackoffStrategy = (...[attemptsMade, , , job]) => {
  const { delay = 0, longest = 0 } = (job as StoreJob).opts.backoff as Backoff;
  return Math.min(delay * 2 ** (attemptsMade - 1), longest);
};

/** What a worker is told of our kind of delay (https://docs.bullmq.io/guide/retrying-failing-jobs). */
export const backoffSettings = { backoffStrategy: grow };

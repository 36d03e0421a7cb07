import { jobQueue } from '../options/job-queue.ts';
import { readOptions, type Values } from '../options/option.ts';

const { queue_name, max_retries, backoff, backoff_delay, keep_completed, keep_failed } = jobQueue;
const own = { queue_name, max_retries, backoff, backoff_delay, keep_completed, keep_failed };

/**
 * One queue and what becomes of its jobs. With no completed jobs kept, a write that is repeated because its answer was lost
 * can run a job twice.
 */
export type QueueOptions = Values<typeof own>;

/**
 * Fills in the defaults of a queue.
 *
 * @throws OptionsError that lists every mistake
 */
export function resolveQueueOptions(given: Partial<QueueOptions>): QueueOptions {
  return readOptions(own, given);
}

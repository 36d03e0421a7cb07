import { queue } from '../options/job-queue.ts';
import { readOptions, type Values } from '../options/option.ts';

/**
 * One queue and what becomes of its jobs. With no completed jobs kept, a write that is repeated because its answer was lost
 * can run a job twice.
 */
export type QueueOptions = Values<typeof queue>;

/**
 * Fills in the defaults of a queue.
 *
 * @throws OptionsError that lists every mistake
 */
export function resolveQueueOptions(given: Partial<QueueOptions>): QueueOptions {
  return readOptions(queue, given);
}

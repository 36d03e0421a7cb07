import { queue } from '../options/job-queue.ts';
import { readOptions, type Values } from '../options/option.ts';

/**
 * Options of a queue and its jobs. If no completed jobs are kept, a write that is repeated because its answer was lost
 * may run a job twice.
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

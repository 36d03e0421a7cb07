import { isWhole, throwMistakes } from '../mistakes.ts';
import type { Backoff, Retention } from '../model.ts';

/** One queue and what becomes of its jobs. */
export interface QueueOptions {
  /** Letters, digits, dots, hyphens and underscores, at most 100. Default: `mqtt_pipelines` */
  queue_name: string;
  /** How many times a failed job is tried again, 0 to 1000. Default: 3 */
  max_retries: number;
  /** The wait before each retry. Default: exponential, from 1000 ms */
  backoff: Backoff;
  /**
   * Completed jobs that stay. With none, a write that is repeated because its answer was lost can run a job twice.
   *
   * Default: 1000
   */
  keep_completed: Retention;
  /** Dead letters that stay. Default: 5000 */
  keep_failed: Retention;
}

const queueDefaults: QueueOptions = {
  queue_name: 'mqtt_pipelines',
  max_retries: 3,
  backoff: { type: 'exponential', delay: 1000 },
  keep_completed: { count: 1000 },
  keep_failed: { count: 5000 },
};

const DAY = 86_400_000;

/**
 * Fills in the defaults of a queue.
 *
 * @throws OptionsError that lists every mistake
 */
export function resolveQueueOptions(options: Partial<QueueOptions>): QueueOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: QueueOptions = { ...queueDefaults, ...Object.fromEntries(given) };
  const { queue_name, max_retries, backoff, keep_completed, keep_failed } = resolved;
  throwMistakes([
    // BullMQ builds keys with colons between their parts.
    /^[\w.-]{1,100}$/.test(queue_name) ||
      'queue_name must be 1 to 100 letters, digits, dots, hyphens and underscores',
    isWhole(max_retries, 0, 1000) || 'max_retries must be a whole number from 0 to 1000',
    isBackoff(backoff) || 'backoff must be fixed or exponential, with a delay of 0 to 86400000 milliseconds',
    isRetention(keep_completed) ||
      'keep_completed must have a count of 0 or more, and may have an age in seconds',
    isRetention(keep_failed) || 'keep_failed must have a count of 0 or more, and may have an age in seconds',
  ]);
  return resolved;
}

export function isBackoff({ type, delay }: Backoff): boolean {
  return ['fixed', 'exponential'].includes(type) && isWhole(delay, 0, DAY);
}

function isRetention({ count, age }: Retention): boolean {
  return isWhole(count, 0) && (age === undefined || (Number.isFinite(age) && age > 0));
}

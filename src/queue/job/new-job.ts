import type { JobsOptions } from 'bullmq';
import { backoffOf } from './backoff.ts';
import type { JobMessage } from './job-data.ts';
import { isWhole, throwMistakes } from '../../mistakes.ts';
import type { QueueOptions } from '../options.ts';

/** Jobs with the same `id` count as one while the first is not finished, or for `ttl` milliseconds. */
export interface Deduplication {
  id: string;
  /** Milliseconds; from the first job, or with `extend` from the last one that was turned away. */
  ttl?: number;
  extend?: boolean;
  /** Whether the new job takes the place of one that is still delayed. */
  replace?: boolean;
  /** Whether the last job that came while the first ran is run after it. */
  keepLastIfActive?: boolean;
}

/** What keeps a message at QoS 2 from making a second job when it is sent again (MQTT 5.0 section 4.3.3). */
export interface OnceKey {
  /** Names the message and who makes a job of it; the store holds it from the job's add until `forget`, at most 7 days. */
  key: string;
  /** Whether the broker marked it as sent again. If not, a key that is still held is of an older message. */
  dup: boolean;
}

/** A job to be added. */
export interface NewJob {
  /** The pipeline's name, 1 to 200 characters. */
  name: string;
  msg: JobMessage;
  /** 1 (first) to 2097151; jobs without a priority, or with 0, go before all of these. Default: 0 */
  priority?: number;
  /** Milliseconds to wait before the first attempt. Default: 0 */
  delay?: number;
  /** 1 to 1001. Default: the queue's `max_retries` + 1 */
  attempts?: number;
  deduplication?: Deduplication;
  /** Without effect on a job that has a `deduplication` of its own. */
  once?: OnceKey;
}

/** Milliseconds that the key of a message is held without a `forget`. */
export const ONCE_TTL = 7 * 86_400_000;
const LONGEST_DELAY = 10 * 365 * 86_400_000;
const MOST_STACKS = 10;

/** A store may refuse such text, and with it every job of the same write. */
const CONTROL = /[\p{Cc}\p{Cs}]/u;

/** Throws an OptionsError that lists what is wrong with a job. */
export function checkNewJob({ name, priority = 0, delay = 0, attempts = 1, ...job }: NewJob): void {
  throwMistakes([
    isText(name, 200) ||
      'the name of the pipeline must have 1 to 200 characters, none of them a control character',
    isWhole(priority, 0, 2_097_151) || 'priority must be a whole number from 0 to 2097151',
    isWhole(delay, 0, LONGEST_DELAY) ||
      `delay must be a whole number of milliseconds from 0 to ${LONGEST_DELAY}`,
    isWhole(attempts, 1, 1001) || 'attempts must be a whole number from 1 to 1001',
    !job.deduplication ||
      isDeduplication(job.deduplication) ||
      'deduplication must have an id of 1 to 500 characters, and may have a ttl in milliseconds',
    !job.once || isText(job.once.key, 500) || 'the key of a message must have 1 to 500 characters',
  ]);
}

/** BullMQ's options for a job. */
export function jobOptions(job: NewJob, queue: QueueOptions): JobsOptions {
  const attempts = job.attempts ?? queue.max_retries + 1;
  return {
    attempts,
    backoff: backoffOf(queue, attempts),
    stackTraceLimit: MOST_STACKS,
    ...(job.priority && { priority: job.priority }),
    ...(job.delay && { delay: job.delay }),
    ...deduplicate(job),
  };
}

function deduplicate({ deduplication, once }: NewJob): Pick<JobsOptions, 'deduplication'> {
  if (deduplication) return { deduplication };
  return once ? { deduplication: { id: once.key, ttl: ONCE_TTL } } : {};
}

function isText(text: unknown, longest: number): boolean {
  return typeof text === 'string' && text.length > 0 && text.length <= longest && !CONTROL.test(text);
}

function isDeduplication({ id, ttl }: Deduplication): boolean {
  return isText(id, 500) && (ttl === undefined || isWhole(ttl, 1, LONGEST_DELAY));
}

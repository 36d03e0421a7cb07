import { randomUUID } from 'node:crypto';
import type { JobsOptions } from 'bullmq';
import { backoffOf } from './backoff.ts';
import { encodeJob, type JobMessage } from './job-data.ts';
import { isWhole, throwMistakes } from '../../base/mistakes.ts';
import type { TraceContext } from '../../base/tracing.ts';
import type { QueueOptions } from '../options.ts';
import type { EncodedJob } from '../write-jobs.ts';

/** Jobs with the same `id` count as one until the first has finished, or for `ttl` milliseconds. */
interface Deduplication {
  id: string;
  /** Milliseconds from the first job, or with `extend` from the last rejected one. */
  ttl?: number;
  extend?: boolean;
  /** A new job replaces one that is still delayed. */
  replace?: boolean;
  /** The last job added while the first is running runs after it. */
  keepLastIfActive?: boolean;
}

/** Prevents a second job for a QoS 2 message that is sent again (MQTT 5.0 section 4.3.3). */
export interface OnceKey {
  /** Identifies the message and its subscription. The store keeps the key until `forget`, at most 7 days. */
  key: string;
  /** The broker marked the message as a duplicate. If not, an existing key belongs to an older message. */
  dup: boolean;
}

/** A job to add. */
export interface NewJob {
  /** Name of the pipeline, 1 to 200 characters. */
  name: string;
  msg: JobMessage;
  /** 1 (first) to 2097151; jobs with priority 0 run before all others. Default: 0 */
  priority?: number;
  /** Milliseconds before the first attempt. Default: 0 */
  delay?: number;
  /** 1 to 1001. Default: the queue's `max_retries` + 1 */
  attempts?: number;
  deduplication?: Deduplication;
  /** Ignored if the job has a `deduplication`. */
  once?: OnceKey;
  /** The span that the job's spans follow. */
  trace?: TraceContext | undefined;
}

/** Milliseconds that the key of a message is held without a `forget`. */
export const ONCE_TTL = 7 * 86_400_000;
const LONGEST_DELAY = 10 * 365 * 86_400_000;
const MOST_STACKS = 20;

/** Invalid characters: a store may reject them, and with them every job of the same write. */
const CONTROL = /[\p{Cc}\p{Cs}]/u;

/**
 * Encodes a job in the form that BullMQ's queues take; `limit` is the maximum size of its data in bytes.
 *
 * @throws OptionsError or SerializeError if the job is invalid
 */
export function encodeNewJob(job: NewJob, queue: QueueOptions, limit: number): EncodedJob {
  checkNewJob(job);
  const opts = { ...jobOptions(job, queue), jobId: jobId() };
  const staleKey = job.once && !job.once.dup && !job.deduplication ? job.once.key : undefined;
  return { name: job.name, ...encodeJob(job.msg, limit), opts, staleKey };
}

/** @throws OptionsError that lists every mistake in a job */
export function checkNewJob({ name, priority = 0, delay = 0, attempts = 1, ...job }: NewJob): void {
  throwMistakes([
    isText(name, 200) || 'the name of the pipeline must have 1 to 200 characters and no control characters',
    isWhole(priority, 0, 2_097_151) || 'priority must be a whole number from 0 to 2097151',
    isWhole(delay, 0, LONGEST_DELAY) ||
      `delay must be a whole number of milliseconds from 0 to ${LONGEST_DELAY}`,
    isWhole(attempts, 1, 1001) || 'attempts must be a whole number from 1 to 1001',
    !job.deduplication ||
      isDeduplication(job.deduplication) ||
      'deduplication must have an id of 1 to 500 characters; its ttl is in milliseconds',
    !job.once || isText(job.once.key, 500) || 'the key of a message must have 1 to 500 characters',
  ]);
}

/** Returns BullMQ's options for a job. */
export function jobOptions(job: NewJob, queue: QueueOptions): JobsOptions {
  const attempts = job.attempts ?? queue.max_retries + 1;
  return {
    attempts,
    backoff: backoffOf(queue, attempts),
    stackTraceLimit: MOST_STACKS,
    ...(job.priority && { priority: job.priority }),
    ...(job.delay && { delay: job.delay }),
    ...deduplicate(job),
    // Jobs are written together: BullMQ would give each the context of the write.
    ...(job.trace !== undefined && { telemetry: { metadata: job.trace, omitContext: true } }),
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

let last = 0n;

/**
 * Returns a UUID of version 7 (RFC 9562 section 5.7) that sorts after all earlier ones of this process. Stores sort
 * jobs of the same millisecond by ID, so the time is followed by a counter.
 */
export function jobId(): string {
  const now = BigInt(Date.now()) << 12n;
  last = now > last ? now : last + 1n;
  const time = (last >> 12n).toString(16).padStart(12, '0');
  const counter = (last & 0xfffn).toString(16).padStart(3, '0');
  // The end of a random UUID includes RFC 9562's variant bits.
  const random = randomUUID().slice(19);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${random}`;
}

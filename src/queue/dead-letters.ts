import { GiveUpError } from '../errors.ts';
import type { JobRef } from '../model.ts';
import type { StoreJob } from './store/driver.ts';
import { decodeJob, type JobMessage } from './job/job-data.ts';
import { isWhole, throwMistakes } from '../mistakes.ts';
import { resolveQueueOptions, type QueueOptions } from './options.ts';
import type { Store } from './store/store.ts';

/** A job that failed its last attempt. */
export interface DeadLetter extends JobRef {
  msg: JobMessage;
  /** What the last attempt failed with. */
  error: string;
  /** The stack traces of the last attempts, newest last; at most 10. */
  stacks: string[];
  /** Attempts that failed. */
  attempts: number;
  failedAt: Date;
}

/** A part of a list. */
export interface Page {
  /** How many to leave out. Default: 0 */
  start?: number;
  /** Most to give, 1 to 1000. Default: 100 */
  limit?: number;
}

/** Lists a queue's dead letters, newest first; those of the same millisecond by their id, the greatest first. */
export async function listDeadLetters(
  store: Store,
  options: Partial<QueueOptions> = {},
  { start = 0, limit = 100 }: Page = {},
): Promise<DeadLetter[]> {
  const { queue_name } = resolveQueueOptions(options);
  throwMistakes([
    isWhole(start, 0) || 'start must be a whole number of 0 or more',
    isWhole(limit, 1, 1000) || 'limit must be a whole number from 1 to 1000',
  ]);
  const queue = await store.queue(queue_name);
  const jobs = await queue.getFailed(start, start + limit - 1);
  return jobs.map((job) => deadLetter(job, queue_name));
}

function deadLetter(job: StoreJob, queue: string): DeadLetter {
  return {
    id: job.id ?? '',
    name: job.name,
    queue,
    msg: decodeJob(job.data),
    error: job.failedReason,
    stacks: job.stacktrace ?? [],
    attempts: job.attemptsMade,
    failedAt: new Date(job.finishedOn ?? 0),
  };
}

/**
 * Puts a dead letter back into its queue, with all its attempts.
 *
 * @throws GiveUpError when there is no such job, or it is no dead letter
 */
export async function retryDeadLetter(
  store: Store,
  id: string,
  options: Partial<QueueOptions> = {},
): Promise<void> {
  const { queue_name } = resolveQueueOptions(options);
  const queue = await store.queue(queue_name);
  const job = await queue.getJob(id);
  if (!job) throw new GiveUpError(`the queue ${queue_name} has no job ${id}`);
  if (!(await job.isFailed()))
    throw new GiveUpError(`job ${id} is no dead letter: it is ${await job.getState()}`);
  await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
}

import { GiveUpError } from '../../errors.ts';
import type { JobState } from '../../model.ts';
import type { StoreJob } from '../store/driver.ts';
import type { Store } from '../store/store.ts';
import { findJob, noSuchJob } from './find-job.ts';
import { inspectedQueue } from './inspected-queue.ts';

interface Change {
  /** Whether a job in this state can be changed. */
  allows: (state: JobState) => boolean;
  /** Follows "job x is waiting: ". */
  remedy: string;
  make: (job: StoreJob) => Promise<void>;
}

/**
 * Puts a dead letter back into its queue, with all its attempts.
 *
 * @throws GiveUpError when there is no such job, or it is no dead letter
 */
export function retryJob(store: Store, queueName: string, id: string): Promise<void> {
  return change(store, [queueName, id], {
    allows: (state) => state === 'dead',
    remedy: 'only a dead letter can be retried',
    make: (job) => job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true }),
  });
}

/**
 * Takes a delayed job, also one that waits for its next attempt, to the end of the waiting jobs.
 *
 * @throws GiveUpError when there is no such job, or it is not delayed
 */
export function runNow(store: Store, queueName: string, id: string): Promise<void> {
  return change(store, [queueName, id], {
    allows: (state) => state === 'delayed',
    remedy: 'only a delayed job can be run early',
    make: (job) => job.promote(),
  });
}

/**
 * Removes a job with its log.
 *
 * @throws GiveUpError when there is no such job, or it runs
 */
export function removeJob(store: Store, queueName: string, id: string): Promise<void> {
  return change(store, [queueName, id], {
    allows: (state) => state !== 'running',
    remedy: 'wait until it has ended, or stop its worker, then remove it',
    make: (job) => job.remove(),
  });
}

async function change(store: Store, [name, id]: [string, string], { allows, remedy, make }: Change) {
  const { queue } = await inspectedQueue(store, name);
  const { job, state } = await findJob(queue, id);
  const refusal = (found: JobState) => new GiveUpError(`job ${id} is ${found}: ${remedy}`);
  if (!allows(state)) throw refusal(state);
  try {
    await make(job);
  } catch (error) {
    if (store.classifyError(error) === 'away') throw error;
    // A worker or another person was faster.
    const now = await queue.getJobState(id);
    if (now === 'unknown') throw noSuchJob(queue, id);
    const { state: found } = await findJob(queue, id);
    throw allows(found) ? error : refusal(found);
  }
}

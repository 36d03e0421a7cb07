import { GiveUpError } from '../../base/errors.ts';
import type { JobState } from '../../base/model.ts';
import { withPayload } from '../job/job-data.ts';
import type { StoreJob } from '../store/driver.ts';
import type { Store } from '../store/store.ts';
import { findJob, noSuchJob } from './find-job.ts';
import { inspectedQueue } from './inspected-queue.ts';

interface Change {
  /** Tells whether a job in this state can be changed. */
  allows: (state: JobState) => boolean;
  /** Text after "job x is waiting: ". */
  remedy: string;
  make: (job: StoreJob) => Promise<void>;
}

/** A dead letter and its new payload. */
export interface EditedJob {
  id: string;
  payload: unknown;
}

/**
 * Returns a dead letter to its queue, with all its attempts.
 *
 * @throws GiveUpError if there is no such job, or it is not a dead letter
 */
export function retryJob(store: Store, queueName: string, id: string): Promise<void> {
  return change(store, [queueName, id], {
    allows: (state) => state === 'dead',
    remedy: 'only a dead letter can be retried',
    make: (job) => job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true }),
  });
}

/**
 * Replaces the payload of a dead letter and returns it to its queue, with all its attempts.
 *
 * @throws SerializeError if the payload cannot be stored, GiveUpError if there is no such job, or it is not a dead letter
 */
export function retryEdited(store: Store, queueName: string, { id, payload }: EditedJob): Promise<void> {
  return change(store, [queueName, id], {
    allows: (state) => state === 'dead',
    remedy: 'only a dead letter can be edited',
    async make(job) {
      const access = await store.access(queueName);
      if (!(await access.retryWith(id, withPayload(job.data, payload)))) throw noLongerDead(id);
    },
  });
}

/**
 * Moves a delayed job, including one that waits for its next attempt, to the end of the waiting jobs.
 *
 * @throws GiveUpError if there is no such job, or it is not delayed
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
 * @throws GiveUpError if there is no such job, or it is running
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
    // A worker or another user may have changed the job first.
    const now = await queue.getJobState(id);
    if (now === 'unknown') throw noSuchJob(queue, id);
    const { state: found } = await findJob(queue, id);
    throw allows(found) ? error : refusal(found);
  }
}

function noLongerDead(id: string): GiveUpError {
  return new GiveUpError(`job ${id} was changed meanwhile: read it again`);
}

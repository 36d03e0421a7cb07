import { GiveUpError } from '../../base/errors.ts';
import type { JobState } from '../../base/model.ts';
import type { StoreJob, StoreQueue } from '../store/driver.ts';

/** This package's names of BullMQ's states. A job that waits for its children counts as waiting. */
const states: Readonly<Record<string, JobState>> = {
  waiting: 'waiting',
  paused: 'waiting',
  prioritized: 'waiting',
  'waiting-children': 'waiting',
  active: 'running',
  delayed: 'delayed',
  completed: 'completed',
  failed: 'dead',
};

/**
 * Finds a job and its state.
 *
 * @throws GiveUpError if the queue has no such job
 */
export async function findJob(queue: StoreQueue, id: string): Promise<{ job: StoreJob; state: JobState }> {
  const [job, stored] = await Promise.all([queue.getJob(id), queue.getJobState(id)]);
  const state = states[stored];
  if (!job || !state) throw noSuchJob(queue, id);
  return { job, state };
}

export function noSuchJob({ name }: StoreQueue, id: string): GiveUpError {
  return new GiveUpError(`the queue ${name} has no job ${id}: it may have been removed, list the jobs again`);
}

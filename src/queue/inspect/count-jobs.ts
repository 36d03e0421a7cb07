import type { JobType } from 'bullmq';
import type { StoreKind } from '../../model.ts';
import { resolveQueueOptions, type QueueOptions } from '../options.ts';
import type { Store } from '../store/store.ts';

/** Number of jobs in each state, with the names of flowerpower-mqtt's `job_queue_stats`. */
export interface QueueCounts {
  queue_name: string;
  type: StoreKind;
  /** Waiting jobs without a priority, including those of a paused queue. */
  waiting: number;
  active: number;
  delayed: number;
  /** Waiting jobs with a priority. */
  prioritized: number;
  completed: number;
  /** Dead letters. */
  failed: number;
  /** Workers of all processes; on the embedded store only those of this process. */
  workers: number;
}

// On PostgreSQL the waiting jobs of a paused queue count as `paused`, which BullMQ's types lack.
const paused = 'paused' as JobType;
const states: JobType[] = ['waiting', paused, 'active', 'delayed', 'prioritized', 'completed', 'failed'];

/** Counts a queue's jobs; waits while the store is unavailable. */
export async function countJobs(store: Store, options: Partial<QueueOptions> = {}): Promise<QueueCounts> {
  const { queue_name } = resolveQueueOptions(options);
  const queue = await store.queue(queue_name);
  const [counts, workers] = await Promise.all([queue.getJobCounts(...states), store.workers(queue_name)]);
  const count = (state: JobType) => counts[state] ?? 0;
  return {
    queue_name,
    type: store.kind,
    waiting: count('waiting') + count(paused),
    active: count('active'),
    delayed: count('delayed'),
    prioritized: count('prioritized'),
    completed: count('completed'),
    failed: count('failed'),
    workers: workers.length,
  };
}

import type { JobType } from 'bullmq';
import type { QueueKind } from '../../model.ts';
import { resolveQueueOptions, type QueueOptions } from '../options.ts';
import type { Store } from '../store/store.ts';

/** How many jobs of a queue are in each state, in the names of flowerpower-mqtt's `job_queue_stats`. */
export interface QueueCounts {
  queue_name: string;
  type: QueueKind;
  /** Without a priority; a paused queue's jobs wait, too. */
  waiting: number;
  active: number;
  delayed: number;
  /** Waiting, with a priority. */
  prioritized: number;
  completed: number;
  /** Dead letters. */
  failed: number;
  /** Workers of all processes; on the embedded store those of this one. */
  workers: number;
  /** Of RQ: they wait for other jobs. */
  deferred?: number;
  /** Of RQ. */
  canceled?: number;
}

// On PostgreSQL a paused queue's waiting jobs count as `paused`, a name that BullMQ's types leave out.
const paused = 'paused' as JobType;
const states: JobType[] = ['waiting', paused, 'active', 'delayed', 'prioritized', 'completed', 'failed'];

/** Counts a queue's jobs; waits while the store is away. */
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

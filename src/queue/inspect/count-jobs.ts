import { isWhole, throwMistakes } from '../../base/mistakes.ts';
import type { QueueKind } from '../../base/model.ts';
import { countedTo } from './counted-to.ts';
import { resolveQueueOptions, type QueueOptions } from '../options.ts';
import type { Store } from '../store/store.ts';

/** Number of jobs in each state, with the names of flowerpower-mqtt's `job_queue_stats`. */
export interface QueueCounts {
  queue_name: string;
  type: QueueKind;
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
  /** A number above it means "at least so many". */
  counted_to: number;
  /** Only with RQ: jobs that wait for other jobs. */
  deferred?: number;
  /** Only with RQ. */
  canceled?: number;
}

/** Takes the embedded store, which does nothing else meanwhile, some hundredths of a second. */
const MOST = 10_000;

/** Counts a queue's jobs, at most a second old; waits while the store is unavailable. */
export async function countJobs(
  store: Store,
  options: Partial<QueueOptions> = {},
  { mostCounted = MOST }: { mostCounted?: number } = {},
): Promise<QueueCounts> {
  throwMistakes([isWhole(mostCounted, 1) || 'mostCounted must be a whole number of 1 or more']);
  const { queue_name } = resolveQueueOptions(options);
  const access = await store.access(queue_name);
  const [counts, workers] = await Promise.all([access.counts(mostCounted), store.workers(queue_name)]);
  const { waiting, prioritized, running, delayed, completed, dead } = counts;
  return {
    queue_name,
    type: store.kind,
    waiting,
    active: running,
    delayed,
    prioritized,
    completed,
    failed: dead,
    workers: workers.length,
    counted_to: countedTo(store.kind, mostCounted),
  };
}

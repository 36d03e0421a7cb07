import type { JobRef } from '../../base/model.ts';
import type { Store } from '../store/store.ts';
import { readWorkerName, type WorkerIdentity } from '../store/worker-name.ts';
import { listJobs, type JobRow } from './list-jobs.ts';

/** A worker of a queue. */
export interface WorkerInfo extends WorkerIdentity {
  /** Jobs that the worker is running. */
  running: JobRef[];
  /** Of RQ: `idle`, `busy`, `suspended`, `started`, or `lost` when it has not been heard of for too long. */
  state?: string;
  /** Of RQ: when it was heard of last. */
  heartbeat?: Date | undefined;
}

/** Maximum number of pages of running jobs to search: 1,000 jobs. */
const MOST_PAGES = 10;

/**
 * Lists the workers of a queue with an open connection: those of all machines on Redis and PostgreSQL, those of this
 * process on the embedded store. A killed worker disappears with its connection, but its jobs stay in the state running
 * until they are detected as abandoned.
 */
export async function listWorkers(store: Store, queueName: string): Promise<WorkerInfo[]> {
  const [names, rows] = await Promise.all([store.workers(queueName), runningJobs(store, queueName)]);
  return names.map((name) => ({
    ...readWorkerName(name),
    running: rows
      .filter(({ worker }) => worker?.name === name)
      .map(({ id, name: pipeline, queue }) => ({ id, name: pipeline, queue })),
  }));
}

async function runningJobs(store: Store, queueName: string): Promise<JobRow[]> {
  const found: JobRow[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { rows, next } = await listJobs(store, queueName, { state: 'running', limit: 100, cursor });
    found.push(...rows);
    if (next === undefined) break;
    cursor = next;
  }
  return found;
}

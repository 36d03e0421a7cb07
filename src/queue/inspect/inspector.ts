import { GiveUpError } from '../../base/errors.ts';
import { removeJob, retryEdited, retryJob, runNow, type EditedJob } from './change-job.ts';
import {
  emptyQueue,
  removeAll,
  retryAll,
  type RemoveAllOptions,
  type RetryAllOptions,
} from './change-jobs.ts';
import { countJobs, type QueueCounts } from './count-jobs.ts';
import { groupErrors, type ErrorGroups } from './error-groups.ts';
import { readHistory, type HistoryOptions, type HistoryRow } from './history.ts';
import type { BulkOptions } from './in-steps.ts';
import { listJobs, type JobPage, type ListOptions } from './list-jobs.ts';
import { listWorkers, type WorkerInfo } from './list-workers.ts';
import { pauseQueue, resumeQueue } from './pause-queue.ts';
import { readQueueState, type QueueState } from './queue-state.ts';
import { readJob, type JobDetails } from './read-job.ts';
import { listSchedules, removeSchedule, type ScheduleInfo } from './schedules.ts';
import { refusalsOf } from './refusals.ts';
import type { Store } from '../store/store.ts';

/** Looks into one queue and steers it, in this process or through the one that has the store. */
export interface Inspector {
  /** Counts up to `mostCounted` jobs of a state. Default: 100,000 */
  state(options?: { mostCounted?: number }): Promise<QueueState>;
  counts(): Promise<QueueCounts>;
  list(options: ListOptions): Promise<JobPage>;
  /** Groups the newest dead letters by their errors; reads at most `mostRead`. Default: 10,000 */
  groups(options?: { mostRead?: number }): Promise<ErrorGroups>;
  /** What happened minute by minute in the last 7 days. Default: the last hour */
  history(options?: HistoryOptions): Promise<HistoryRow[]>;
  show(id: string): Promise<JobDetails>;
  workers(): Promise<WorkerInfo[]>;
  retry(id: string): Promise<void>;
  /** Retries a dead letter with another payload. */
  retryEdited(job: EditedJob): Promise<void>;
  retryAll(options?: RetryAllOptions): Promise<number>;
  runNow(id: string): Promise<void>;
  /** Keeps a job that has not begun from running, and keeps it; only RQ can. */
  cancel(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  removeAll(options: RemoveAllOptions): Promise<number>;
  /** Removes all waiting and delayed jobs. */
  empty(options?: BulkOptions): Promise<number>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  schedules(): Promise<ScheduleInfo[]>;
  removeSchedule(key: string): Promise<void>;
}

/** The inspector of a queue whose store this process has open. */
export function openInspector(store: Store, queue: string): Inspector {
  return {
    state: (options) => readQueueState(store, queue, options),
    counts: () => countJobs(store, { queue_name: queue }),
    list: (options) => listJobs(store, queue, options),
    groups: (options) => groupErrors(store, queue, options),
    history: (options) => readHistory(store, queue, options),
    show: (id) => readJob(store, queue, id),
    workers: () => listWorkers(store, queue),
    retry: (id) => retryJob(store, queue, id),
    retryEdited: (job) => retryEdited(store, queue, job),
    retryAll: (options) => retryAll(store, queue, options),
    runNow: (id) => runNow(store, queue, id),
    cancel: () => Promise.reject(new GiveUpError(refusalsOf(store.kind).cancel ?? '')),
    remove: (id) => removeJob(store, queue, id),
    removeAll: (options) => removeAll(store, queue, options),
    empty: (options) => emptyQueue(store, queue, options),
    pause: () => pauseQueue(store, queue),
    resume: () => resumeQueue(store, queue),
    schedules: () => listSchedules(store, queue),
    removeSchedule: (key) => removeSchedule(store, queue, key),
  };
}

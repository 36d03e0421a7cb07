import type { AnyJobState, JobRef } from '../../model.ts';
import { decodeValue } from '../../value-tags.ts';
import type { Progress } from '../attempt.ts';
import type { Backoff } from '../job/backoff.ts';
import { decodeJob, type JobMessage } from '../job/job-data.ts';
import type { StoreJob } from '../store/driver.ts';
import type { Store } from '../store/store.ts';
import { readWorkerName, type WorkerIdentity } from '../store/worker-name.ts';
import { findJob } from './find-job.ts';
import { inspectedQueue } from './inspected-queue.ts';
import { dateOf } from './list-jobs.ts';

/** One job in full. */
export interface JobDetails extends JobRef {
  state: AnyJobState;
  msg: JobMessage;
  /** The attempt that runs, or ran last; 0 before the first. */
  attempt: number;
  /** Most attempts. */
  attempts: number;
  backoff: Backoff | undefined;
  /** 0: none. */
  priority: number;
  /** Milliseconds from when the job was added to when it was first due. */
  delay: number;
  addedAt: Date;
  /** When the attempt that runs, or ran last, began. */
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  /** Of a completed job. */
  result: unknown;
  /** The last error, in full. */
  error: string | undefined;
  /** Stack traces of the last attempts, newest last; at most 10. */
  stacks: string[];
  progress: Progress;
  /** The newest lines, at most 100, newest last. */
  log: string[];
  /** Lines that the store holds. */
  logLength: number;
  /** The worker that runs it, or ran it last. */
  worker: WorkerIdentity | undefined;
}

const MOST_LINES = 100;

/**
 * Reads one job in full, with its message, at most 1 MiB.
 *
 * @throws GiveUpError when the queue has no such job
 */
export async function readJob(store: Store, queueName: string, id: string): Promise<JobDetails> {
  const { queue } = await inspectedQueue(store, queueName);
  const [{ job, state }, { logs, count }] = await Promise.all([
    findJob(queue, id),
    queue.getJobLogs(id, 0, MOST_LINES - 1, false),
  ]);
  return {
    id,
    name: job.name,
    queue: queueName,
    state,
    msg: decodeJob(job.data),
    ...optionsOf(job),
    attempt: job.attemptsMade + (state === 'running' ? 1 : 0),
    addedAt: new Date(job.timestamp),
    startedAt: dateOf(job.processedOn),
    finishedAt: dateOf(job.finishedOn),
    result: state === 'completed' ? decodeValue(job.returnvalue) : undefined,
    error: job.failedReason || undefined,
    stacks: job.stacktrace ?? [],
    progress: decodeValue(job.progress) as Progress,
    log: logs.toReversed(),
    logLength: count,
    worker: job.processedBy === undefined ? undefined : readWorkerName(job.processedBy),
  };
}

function optionsOf({
  opts,
  priority,
}: StoreJob): Pick<JobDetails, 'attempts' | 'backoff' | 'priority' | 'delay'> {
  const { attempts, backoff, delay = 0 } = opts;
  return { attempts: attempts || 1, backoff: backoff as Backoff | undefined, priority: priority || 0, delay };
}

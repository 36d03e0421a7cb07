import type { AnyJobState, JobRef } from '../../base/model.ts';
import { decodeValue } from '../../values/value-tags.ts';
import type { Progress } from '../attempt.ts';
import type { FailedNode } from '../job/attempt-note.ts';
import type { Backoff } from '../job/backoff.ts';
import { decodeJob, type JobMessage } from '../job/job-data.ts';
import type { StoreJob } from '../store/driver.ts';
import type { Store } from '../store/store.ts';
import { readWorkerName, type WorkerIdentity } from '../store/worker-name.ts';
import { attemptsOf, type AttemptTimes } from './attempts-log.ts';
import { findJob } from './find-job.ts';
import { inspectedQueue } from './inspected-queue.ts';
import { dateOf } from './list-jobs.ts';

/** All data of a job. */
export interface JobDetails extends JobRef {
  state: AnyJobState;
  msg: JobMessage;
  /** Number of the current or last attempt; 0 before the first. */
  attempt: number;
  /** Maximum number of attempts. */
  attempts: number;
  backoff: Backoff | undefined;
  /** 0 means no priority. */
  priority: number;
  /** Milliseconds between adding the job and its first due time. */
  delay: number;
  addedAt: Date;
  /** Start of the current or last attempt. */
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  /** Only for completed jobs. */
  result: unknown;
  /** The last error. */
  error: string | undefined;
  /** Stack traces of the last 20 failed attempts, newest last. */
  stacks: string[];
  /** The attempts, oldest first. A failed attempt is missing if it is not among the last 20 or its worker was killed. */
  attemptsLog: AttemptTimes[];
  /** The Node-RED node that reported the last error, if it is known. */
  failedNode?: FailedNode | undefined;
  progress: Progress;
  /** The last 100 lines, newest last. */
  log: string[];
  /** Number of lines in the store. */
  logLength: number;
  /** The worker that runs the job, or ran it last. */
  worker: WorkerIdentity | undefined;
}

const MOST_LINES = 100;

/**
 * Reads all data of a job, including its message of at most 1 MiB.
 *
 * @throws GiveUpError if the queue has no such job
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
    ...attemptsOf(job, state),
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

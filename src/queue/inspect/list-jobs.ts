import { jobStates, type AnyJobState, type JobRef, type JobState } from '../../model.ts';
import { isWhole, throwMistakes } from '../../mistakes.ts';
import type { Progress } from '../attempt.ts';
import type { StoredRow } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';
import { readWorkerName, type WorkerIdentity } from '../store/worker-name.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** Which part of a list to read. */
export interface ListOptions {
  state: JobState;
  /**
   * Oldest first is the order in which waiting jobs are taken, delayed ones become due, running ones were started and
   * finished ones ended. Default: `newest`
   */
  order?: 'newest' | 'oldest';
  /** Most rows, 1 to 100. Default: 50 */
  limit?: number;
  /** The `next` of the page before. Default: the first page */
  cursor?: string | undefined;
}

/** What a list shows of a job. */
export interface JobRow extends JobRef {
  state: AnyJobState;
  /** Undefined if it is no text; on Redis also if another program added the job, or it has over 1,900 bytes. */
  topic: string | undefined;
  addedAt: Date;
  /** When the attempt that runs, or ran last, began. */
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  /** When a delayed job is due. */
  dueAt: Date | undefined;
  /** The attempt that runs, or ran last; 0 before the first. */
  attempt: number;
  /** Most attempts. */
  attempts: number;
  /** First line of the last error, at most 200 characters. */
  error: string | undefined;
  progress: Progress;
  /** The worker that runs it, or ran it last. */
  worker: WorkerIdentity | undefined;
}

export interface JobPage {
  rows: JobRow[];
  /** Cursor of the next page; undefined on the last page. */
  next: string | undefined;
}

const LONGEST_ERROR = 200;

/**
 * Lists the jobs of a state, a page at a time.
 *
 * Jobs that come or go between two pages neither shift nor repeat the others: a page begins behind the place of the last
 * row, also if that job is gone. A job that changes its place (a retry, a new priority) may be missed or seen twice.
 *
 * On Redis, running jobs, and waiting ones without a priority, have no such place. There a page begins behind the last
 * row's job. If that job has left the list, or moved by over 10,000 places, the page begins at the start: jobs may be
 * seen twice, none is missed.
 *
 * @throws OptionsError when an option is wrong
 */
export async function listJobs(store: Store, queueName: string, options: ListOptions): Promise<JobPage> {
  const { state, order = 'newest', limit = 50, cursor } = options;
  throwMistakes([
    jobStates.includes(state) || `state must be one of ${jobStates.join(', ')}`,
    ['newest', 'oldest'].includes(order) || 'order must be newest or oldest',
    isWhole(limit, 1, 100) || 'limit must be a whole number from 1 to 100',
  ]);
  const after = cursor === undefined ? undefined : readCursor({ state, order }, cursor);
  const { access } = await inspectedQueue(store, queueName);
  // One row more tells whether there is a next page.
  const found = await access.page({ state, order, limit: limit + 1, after });
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return {
    rows: rows.map((row) => toJobRow(row, { queue: queueName, state })),
    next: last && writeCursor({ state, order }, last.position),
  };
}

function toJobRow(row: StoredRow, { queue, state }: { queue: string; state: JobState }): JobRow {
  return {
    id: row.id,
    name: row.name,
    queue,
    state,
    topic: row.topic,
    addedAt: new Date(row.addedAt),
    startedAt: dateOf(row.startedAt),
    finishedAt: dateOf(row.finishedAt),
    dueAt: state === 'delayed' ? dateOf(row.dueAt) : undefined,
    attempt: row.attemptsMade + (state === 'running' ? 1 : 0),
    attempts: row.attempts || 1,
    error: row.error?.split('\n', 1)[0]?.slice(0, LONGEST_ERROR),
    progress: row.progress as Progress,
    worker: row.worker === undefined ? undefined : readWorkerName(row.worker),
  };
}

export function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

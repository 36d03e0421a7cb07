import { jobStates, type AnyJobState, type JobRef, type JobState } from '../../base/model.ts';
import { isWhole, throwMistakes } from '../../base/mistakes.ts';
import type { Progress } from '../attempt.ts';
import type { StoredRow } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';
import { readWorkerName, type WorkerIdentity } from '../store/worker-name.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** Selects a page of a list. */
export interface ListOptions {
  state: JobState;
  /**
   * `oldest` is the order in which waiting jobs are taken, delayed ones become due, running ones were started, and
   * finished ones ended. Default: `newest`
   */
  order?: 'newest' | 'oldest';
  /** Maximum number of rows, 1 to 100. Default: 50 */
  limit?: number;
  /** The `next` of the previous page. Default: the first page */
  cursor?: string | undefined;
}

/** A job in a list. */
export interface JobRow extends JobRef {
  state: AnyJobState;
  /** Undefined if it is not text; on Redis also if it exceeds 1,900 bytes or another program added the job. */
  topic: string | undefined;
  addedAt: Date;
  /** Start of the current or last attempt. */
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  /** When a delayed job is due. */
  dueAt: Date | undefined;
  /** Number of the current or last attempt; 0 before the first. */
  attempt: number;
  /** Maximum number of attempts. */
  attempts: number;
  /** First line of the last error, at most 200 characters. */
  error: string | undefined;
  progress: Progress;
  /** The worker that runs the job, or ran it last. */
  worker: WorkerIdentity | undefined;
}

export interface JobPage {
  rows: JobRow[];
  /** Cursor of the next page; undefined on the last page. */
  next: string | undefined;
}

const LONGEST_ERROR = 200;

/**
 * Lists the jobs of a state, one page at a time.
 *
 * A page starts after the position of the last row, even if that job no longer exists. So jobs added or removed between
 * two pages don't shift the others. A job whose position changes (by a retry or a new priority) may be missed or listed
 * twice.
 *
 * On Redis, running jobs and waiting ones without a priority have no such position, so a page starts after the last
 * row's job. If that job has left the list, or moved by more than 10,000 positions, the page starts from the beginning:
 * jobs may be listed twice, but none is missed.
 *
 * @throws OptionsError if an option is invalid
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
  // Read one more row to find out whether there is a next page.
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

import { jobStates, type AnyJobState, type JobRef, type JobState } from '../../base/model.ts';
import { isWhole, throwMistakes } from '../../base/mistakes.ts';
import type { Progress } from '../attempt.ts';
import type { Position, StoredRow } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';
import { readWorkerName, type WorkerIdentity } from '../store/worker-name.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { inspectedQueue } from './inspected-queue.ts';
import { filterMistakes, matcherOf, type JobFilter } from './job-filter.ts';
import { readList } from './read-list.ts';

/** Selects a page of a list. A page of selected jobs may have no rows, and a next page. */
export interface ListOptions extends JobFilter {
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
  /** Number of jobs that were searched for this page, at most about 5,000; only with a group or a search. */
  lookedAt?: number;
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
    ...filterMistakes(options, state),
  ]);
  const after = cursor === undefined ? undefined : readCursor({ state, order }, cursor);
  const { access } = await inspectedQueue(store, queueName);
  const list = {
    read: (count: number, from: Position | undefined) =>
      access.page({ state, order, limit: count, after: from }),
    toRow: (row: StoredRow) => toJobRow(row, { queue: queueName, state }),
    matches: matcherOf(options),
  };
  const { position, ...part } = await readList(list, { limit, after });
  return { ...part, next: position && writeCursor({ state, order }, position) };
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
    error: firstLine(row.error),
    progress: row.progress as Progress,
    worker: row.worker === undefined ? undefined : readWorkerName(row.worker),
  };
}

/** Returns the first line of an error, at most 200 characters. */
export function firstLine(error: string | undefined): string | undefined {
  return error?.split('\n', 1)[0]?.slice(0, LONGEST_ERROR);
}

export function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

import type { JobState } from '../../base/model.ts';
import type { HistoryStep, MinuteCounts, StoredMinute } from '../history/minute-counts.ts';

/** Maximum number of jobs per step of a bulk action. */
export const STEP = 200;

/** Jobs in each state; `waiting` has those without a priority, `prioritized` the others that wait. */
export type StateCounts = Record<JobState | 'prioritized', number>;

/** Selects a part of a list. */
export interface PageRequest {
  state: JobState;
  order: 'oldest' | 'newest';
  limit: number;
  /** Position of the last row of the previous page. */
  after: Position | undefined;
}

/** A job's position in its list; only the store knows its meaning. */
export type Position = (string | number)[];

/** A job in a list. Times are in milliseconds since 1970. */
export interface StoredRow {
  position: Position;
  id: string;
  name: string;
  topic: string | undefined;
  addedAt: number;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  /** When a delayed job is due. */
  dueAt: number | undefined;
  attemptsMade: number;
  attempts: number;
  /** At least the beginning of the last error. */
  error: string | undefined;
  progress: unknown;
  /** Name of the worker that runs the job, or ran it last. */
  worker: string | undefined;
}

/** How a job stands: what is known of it without its message. Times are in milliseconds since 1970. */
export interface JobHead extends Pick<
  StoredRow,
  'id' | 'name' | 'finishedAt' | 'attemptsMade' | 'attempts' | 'error' | 'worker'
> {
  /** Of the last error. */
  stack: string | undefined;
  /** Of a completed job, encoded; only if it was asked for. */
  result?: unknown;
}

/** The end of a job, which its ID and time identify: a dead letter that is retried ends again. */
export interface EndedJob {
  id: string;
  /** Milliseconds since 1970. */
  finishedAt: number;
}

/** Selects ends of jobs. */
export interface EndedRequest {
  state: 'completed' | 'dead';
  /** Milliseconds since 1970. */
  since: number;
  limit: number;
}

/** What a dead letter failed with. */
export interface DeadError {
  position: Position;
  id: string;
  /** Milliseconds since 1970. */
  finishedAt: number;
  /** First line of the last error, or at least its first 200 characters. */
  error: string;
}

/** Selects a part of a queue's history. */
export interface HistoryRequest {
  /** First and last minute since 1970; the first is a multiple of `step`. */
  since: number;
  until: number;
  /** Minutes of a row. */
  step: HistoryStep;
}

/** Characters of a DeadError. */
export const LONGEST_ERROR = 200;

/**
 * Reads and bulk changes of a queue. BullMQ lacks them, or they get slower with the length of the queue.
 *
 * A step of a bulk action changes at most STEP jobs and returns their number; 0 means that none is left. It ignores
 * jobs that entered the state after `until`, in milliseconds since 1970.
 */
export interface QueueAccess {
  /** Counts the jobs in each state. PostgreSQL reads each job, so it stops at `most` + 1, which means "more". */
  counts(most: number): Promise<StateCounts>;
  /**
   * Returns when the oldest waiting job was due, in milliseconds since 1970. Only compares the next job of each
   * priority.
   */
  oldestWaiting(): Promise<number | undefined>;
  /** Reads a part of a list. `oldest` is the order in which jobs are taken, become due or have finished. */
  page(request: PageRequest): Promise<StoredRow[]>;
  /** Reads how jobs stand, with the results of completed ones if wanted; those that are gone are left out. */
  heads(ids: string[], withResults?: boolean): Promise<Map<string, JobHead>>;
  /** Reads which jobs have ended; the newest ones if they are more than `limit`. Cheap enough to ask again and again. */
  ended(request: EndedRequest): Promise<EndedJob[]>;
  /** Reads the errors of a part of the dead letters. */
  deadErrors(request: Omit<PageRequest, 'state'>): Promise<DeadError[]>;
  /** Returns the oldest dead letters to the queue, with all their attempts; at most `most`, which is at most STEP. */
  retryStep(until: number, most: number): Promise<number>;
  /** Returns those jobs to the queue that are dead letters, and returns their number. */
  retryDead(ids: string[]): Promise<number>;
  /** Removes those jobs that are dead letters, and returns their number. */
  removeDead(ids: string[]): Promise<number>;
  /** Replaces the data of a dead letter and returns it to the queue, both or neither. False if it is not one. */
  retryWith(id: string, data: unknown): Promise<boolean>;
  /** Adds what happened in a minute in this process to the queue's history, and removes what is too old. */
  addMinute(counts: MinuteCounts): Promise<void>;
  /** Reads the queue's history, oldest first. */
  readMinutes(request: HistoryRequest): Promise<StoredMinute[]>;
  /** Reads a note that somebody keeps with the queue. */
  readNote(name: string): Promise<string | undefined>;
  /** Replaces a note; undefined removes it. */
  writeNote(name: string, text: string | undefined): Promise<void>;
  /** Removes unique keys, whether they are there or not. */
  removeKeys(keys: string[]): Promise<void>;
  /** Removes the oldest jobs of a state, except jobs that are being taken and the next job of a schedule. */
  removeStep(state: Exclude<JobState, 'running'>, until: number): Promise<number>;
}

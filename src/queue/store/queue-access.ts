import type { JobState } from '../../model.ts';

/** Jobs that one step of a bulk action changes. */
export const STEP = 200;

/** Jobs in each state; `waiting` has those without a priority, `prioritized` the others that wait. */
export type StateCounts = Record<JobState | 'prioritized', number>;

/** Which jobs of a list to read. */
export interface PageRequest {
  state: JobState;
  order: 'oldest' | 'newest';
  limit: number;
  /** The position of the row before the first one to read. */
  after: Position | undefined;
}

/** A job's place in its list; its parts are known to the store alone. */
export type Position = (string | number)[];

/** What a list shows of a job. Times are in milliseconds since 1970. */
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
  /** Name of the worker that runs it or ran it last. */
  worker: string | undefined;
}

/**
 * Reads and bulk changes of one queue. BullMQ has none of them, or takes longer the longer the queue is.
 *
 * Each step of a bulk action changes at most STEP jobs and returns how many; 0 means that none is left. Jobs that
 * entered the state after `until`, in milliseconds since 1970, stay.
 */
export interface QueueAccess {
  /** Jobs in each state. PostgreSQL reads each job that it counts, so it stops at `most` + 1, which means "more". */
  counts(most: number): Promise<StateCounts>;
  /** When the oldest waiting job was due, in milliseconds since 1970: looks at the next job of each priority. */
  oldestWaiting(): Promise<number | undefined>;
  /** Reads a part of a list. Oldest first is the order in which jobs are taken, become due or have finished. */
  page(request: PageRequest): Promise<StoredRow[]>;
  /** Gives the oldest dead letters back to the queue, with all their attempts. */
  retryStep(until: number): Promise<number>;
  /** Removes unique keys, whether they are there or not. */
  removeKeys(keys: string[]): Promise<void>;
  /** Removes the oldest jobs of a state. A job that is being taken, and the next job of a schedule, stay. */
  removeStep(state: Exclude<JobState, 'running'>, until: number): Promise<number>;
}

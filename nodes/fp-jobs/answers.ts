/** Answers of the endpoints for the Jobs sidebar; dates are text. */
import type { AnyJobState } from '../../src/base/model.ts';
import type { historyRanges } from './history-ranges.ts';
import type { JobDetails, JobRow, QueueState, Refusals, WorkerInfo } from '../../src/index.ts';

/** JSON of a value. */
type Sent<T> = T extends Date
  ? string
  : T extends (infer E)[]
    ? Sent<E>[]
    : T extends object
      ? { [K in keyof T]: Sent<T[K]> }
      : T;

/** A deployed queue that stores jobs. */
export interface QueueEntry {
  id: string;
  label: string;
  /** Its name in the store. */
  queueName: string;
  store: string;
  /** The sidebar must not change its jobs. */
  isReadOnly: boolean;
  /** What this kind of queue cannot do. */
  refusals: Refusals;
}

/** Jobs added, and jobs ended, in each of the last 30 minutes, oldest first. */
export interface Rates {
  added: number[];
  ended: number[];
}

/** A sample of a queue. Pushed to every editor with a login, so it has nothing of the jobs but their number. */
export interface QueueNumbers extends Pick<
  QueueState,
  'counts' | 'countedTo' | 'isPaused' | 'oldestWaiting'
> {
  workers: number;
  /** Undefined if the queue keeps no history. */
  rates?: Rates;
  /** Jobs that the bulk action under way has changed. */
  bulk?: number;
}

/** A worker with the number of jobs that it runs. */
export interface WorkerView extends Omit<Sent<WorkerInfo>, 'running'> {
  running: number;
}

/** The latest sample of a queue, or why there is none. */
export type QueueView = { numbers: QueueNumbers; workers: WorkerView[] } | { error: string };

/** Answer to a look: all queues, and the samples of those that are looked at, by ID. */
export interface LookView {
  queues: QueueEntry[];
  views: Record<string, QueueView>;
}

export type RowView = Omit<Sent<JobRow>, 'progress'>;

export interface PageView {
  rows: RowView[];
  next?: string;
  /** Number of jobs that were searched. */
  lookedAt?: number;
}

/** Dead letters with the same error. */
export interface GroupView {
  /** Selects the group in a list or an action. */
  key: string;
  /** The error's first line. */
  error: string;
  count: number;
  /** When the newest of them ended. */
  newest: string;
}

export interface GroupsView {
  groups: GroupView[];
  /** Number of dead letters that were read, newest first. */
  read: number;
  /** False if there are more. */
  isComplete: boolean;
}

/** A value as the debug sidebar gets it: JSON text, and the name of its format. */
export interface EncodedValue {
  msg: string;
  format: string;
}

export interface JobView extends Omit<Sent<Omit<JobDetails, 'msg' | 'result' | 'progress'>>, 'backoff'> {
  state: AnyJobState;
  msg: EncodedValue;
  result?: EncodedValue;
  progress?: EncodedValue;
}

/** The message of a job as JSON; values that JSON lacks are tagged, for instance `{"$buffer": "aGk="}`. */
export interface MessageView {
  msg: Record<string, unknown>;
}

export interface ActionView {
  /** Number of changed jobs. */
  changed?: number;
  /** The action goes on; samples have its progress. */
  isUnderWay?: true;
}

export type HistoryRange = keyof typeof historyRanges;

/** A point of the charts. Times are 95th percentiles in milliseconds. */
export interface HistoryPoint {
  time: number;
  /** Jobs per minute. */
  completed: number;
  failed: number;
  /** Undefined if no job ran. */
  wait?: number;
  run?: number;
  /** Jobs that waited at the end; undefined if nothing happened. */
  backlog?: number;
}

export interface HistoryView {
  /** Oldest first, in equal steps. */
  points: HistoryPoint[];
  /** Minutes of the deploys and starts of each Node-RED that uses the queue. */
  deploys: number[];
}

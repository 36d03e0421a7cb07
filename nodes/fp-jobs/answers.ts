/** Answers of the endpoints for the Jobs sidebar; dates are text. */
import type { JobState } from '../../src/base/model.ts';
import type { JobDetails, JobRow, QueueState, WorkerInfo } from '../../src/index.ts';

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
  store: string;
}

export interface QueueView {
  state: Sent<QueueState>;
  workers: Sent<WorkerInfo>[];
  /** Counts above it mean "at least so many". */
  countedTo: number;
}

export type RowView = Omit<Sent<JobRow>, 'progress'>;

export interface PageView {
  rows: RowView[];
  next?: string;
}

/** A value as the debug sidebar gets it: JSON text, and the name of its format. */
export interface EncodedValue {
  msg: string;
  format: string;
}

export interface JobView extends Omit<Sent<Omit<JobDetails, 'msg' | 'result' | 'progress'>>, 'backoff'> {
  state: JobState;
  msg: EncodedValue;
  result?: EncodedValue;
}

export interface ActionView {
  /** Number of changed jobs. */
  changed?: number;
}

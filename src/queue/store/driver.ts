import type { Job, Queue, QueueEvents, Telemetry, Worker, WorkerOptions } from 'bullmq';
import type { Connection } from '../../base/model.ts';
import type { JobData } from '../job/job-data.ts';
import type { QueueAccess } from './queue-access.ts';

/** `away`: the store is unavailable. `refused`: it rejects the job. */
export type ErrorKind = 'away' | 'refused' | 'unknown';

/** Timing of the detection of a killed worker's jobs, in milliseconds. */
export interface Timing {
  /** Duration of a worker's lock on a job, which it renews. Afterwards the job counts as abandoned. */
  lockDuration: number;
  /** Interval of the search for abandoned jobs; a job found twice in a row runs again. */
  stalledInterval: number;
}

export type StoreJob = Job<JobData, unknown>;

interface ErrorEmitter {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** A BullMQ queue on any store. */
export type StoreQueue = ErrorEmitter &
  Pick<
    Queue<JobData, unknown>,
    | 'add'
    | 'addBulk'
    | 'addJobLog'
    | 'close'
    | 'getJob'
    | 'getJobCounts'
    | 'getJobs'
    | 'getJobLogs'
    | 'getJobScheduler'
    | 'getJobSchedulers'
    | 'getJobState'
    | 'getWorkers'
    | 'isPaused'
    | 'name'
    | 'pause'
    | 'removeJobScheduler'
    | 'resume'
    | 'upsertJobScheduler'
    | 'waitUntilReady'
  >;

/** A BullMQ worker on any store. */
export type StoreWorker = ErrorEmitter &
  Pick<
    Worker<JobData, unknown>,
    'close' | 'name' | 'opts' | 'pause' | 'resume' | 'run' | 'waitUntilReady'
  > & {
    on(event: 'closed', listener: () => void): unknown;
    on(event: 'completed', listener: (job: StoreJob, result: unknown) => void): unknown;
    on(event: 'failed', listener: (job: StoreJob | undefined, error: Error) => void): unknown;
  };

/** Events that are heard or counted. */
type StoreEvent =
  | 'active'
  | 'added'
  | 'completed'
  | 'delayed'
  | 'drained'
  | 'failed'
  | 'paused'
  | 'progress'
  | 'resumed'
  | 'waiting';

/** Events of the jobs of a queue, from all processes. */
export type StoreEvents = ErrorEmitter &
  Pick<QueueEvents<unknown>, 'close' | 'name' | 'waitUntilReady'> & {
    on(event: 'completed', listener: (args: { jobId: string; returnvalue: unknown }) => void): unknown;
    on(event: 'waiting', listener: (args: { jobId: string; prev?: string }) => void): unknown;
    on(event: 'progress', listener: (args: { jobId: string; data: unknown }) => void): unknown;
    on(
      event: 'failed' | 'delayed' | 'stalled' | 'added',
      listener: (args: { jobId: string }) => void,
    ): unknown;
    on(event: StoreEvent, listener: () => void): unknown;
  };

/** Milliseconds to rest after a read of `found` events, `elapsed` milliseconds after the one before. */
export type RestAfter = (found: number, elapsed: number) => number;

export type Process = (job: StoreJob, token?: string) => Promise<unknown>;

/** Options of a worker. */
export interface WorkOptions extends Omit<WorkerOptions, 'connection' | 'removeOnComplete' | 'removeOnFail'> {
  /** Number of finished jobs to keep. */
  keep: Record<'completed' | 'failed', number>;
}

/** Options of `Queue`. BullMQ's default is to keep 10,000 events, with results of up to 1 MiB. */
export const FEW_EVENTS = { events: { maxLen: 100 } };

/** Reads and adds the rows of all queues, as lines of an export. */
export interface Transfer {
  export(): AsyncGenerator<string>;
  import(lines: AsyncIterable<string>): Promise<Imported>;
}

/** What an import did. */
export interface Imported {
  /** Number of jobs that were added. */
  jobs: number;
  /** Number of rows that the store refused. */
  refused: number;
  /** The store's first reason for it. */
  reason?: string;
}

/** The store-specific part of a store. */
export interface Driver {
  timing: Timing;
  /** Resolves when the store is available and prepared; rejects only if it closes. */
  ready(): Promise<void>;
  queue(name: string): StoreQueue;
  worker(name: string, process: Process, options: WorkOptions): StoreWorker;
  events(name: string, restAfter: RestAfter): StoreEvents;
  /** Returns reads and bulk changes of a queue. */
  access(queue: StoreQueue): QueueAccess;
  /** Removes surplus finished jobs in steps, before a worker would remove them all at once. */
  trim?(queue: StoreQueue, keep: WorkOptions['keep']): Promise<void>;
  /** Returns the names of a queue's workers in all processes; missing or undefined if only those of this process are known. */
  workers?(queue: StoreQueue): Promise<string[] | undefined>;
  /** Missing if the server has its own tools for it. */
  transfer?: Transfer;
  classifyError(error: unknown): ErrorKind;
  /** Tells whether a store that counts as `away` answers and refuses, for instance for missing permissions. */
  isRefusal?(error: unknown): boolean;
  /** Closes every connection within a bounded time. */
  close(): Promise<void>;
}

/** Callbacks and signal for a driver. */
export interface DriverContext {
  /** Reports the state of the connection; may repeat a state. */
  report: (connection: Connection) => void;
  warn: (text: string) => void;
  /** Aborts when the store closes. */
  closing: AbortSignal;
  /** Further options of queues and workers. */
  bull?: { telemetry?: Telemetry };
}

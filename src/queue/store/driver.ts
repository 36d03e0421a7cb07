import type { Job, Queue, QueueEvents, Worker, WorkerOptions } from 'bullmq';
import type { Connection } from '../../model.ts';
import type { JobData } from '../job/job-data.ts';
import type { QueueAccess } from './queue-access.ts';

/** What is known about an error: the store is away, it refuses a job as it stands, or neither. */
export type ErrorKind = 'away' | 'refused' | 'unknown';

/** How a killed worker's jobs are found, in milliseconds. */
export interface Timing {
  /** A worker renews its claim on a job before this long; after it the job counts as abandoned. */
  lockDuration: number;
  /** How often abandoned jobs are looked for; one that is found twice in a row runs again. */
  stalledInterval: number;
}

export type StoreJob = Job<JobData, unknown>;

interface HearsErrors {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** A queue of BullMQ, whatever the store. */
export type StoreQueue = HearsErrors &
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
    | 'getJobState'
    | 'getWorkers'
    | 'isPaused'
    | 'name'
    | 'pause'
    | 'resume'
    | 'waitUntilReady'
  >;

/** A worker of BullMQ, whatever the store. */
export type StoreWorker = HearsErrors &
  Pick<Worker<JobData, unknown>, 'close' | 'name' | 'opts' | 'pause' | 'run' | 'waitUntilReady'> & {
    on(event: 'closed', listener: () => void): unknown;
    on(event: 'completed', listener: (job: StoreJob, result: unknown) => void): unknown;
    on(event: 'failed', listener: (job: StoreJob | undefined, error: Error) => void): unknown;
  };

/** What happens to the jobs of a queue, in all processes. */
export type StoreEvents = HearsErrors &
  Pick<QueueEvents<unknown>, 'close' | 'name' | 'waitUntilReady'> & {
    on(event: 'completed' | 'failed', listener: (args: { jobId: string }) => void): unknown;
  };

export type Process = (job: StoreJob, token?: string) => Promise<unknown>;

/** What a worker is told. */
export interface WorkOptions extends Omit<WorkerOptions, 'connection' | 'removeOnComplete' | 'removeOnFail'> {
  /** How many finished jobs stay. */
  keep: Record<'completed' | 'failed', number>;
}

/** For `Queue`: BullMQ keeps 10,000 events otherwise, results of up to 1 MiB in them. */
export const FEW_EVENTS = { events: { maxLen: 100 } };

/** What a kind of store brings; `openStore` makes a store of it. */
export interface Driver {
  timing: Timing;
  /** Resolves when the store answers and is prepared; rejects only when it closes. */
  ready(): Promise<void>;
  queue(name: string): StoreQueue;
  worker(name: string, process: Process, options: WorkOptions): StoreWorker;
  events(name: string): StoreEvents;
  /** Reads and bulk changes of a queue. */
  access(queue: StoreQueue): QueueAccess;
  /** Removes finished jobs that are too many in steps, before a worker would remove them all at once. */
  trim?(queue: StoreQueue, keep: WorkOptions['keep']): Promise<void>;
  /** Names of a queue's workers in all processes; left out, or undefined, where only those of this one are known. */
  workers?(queue: StoreQueue): Promise<string[] | undefined>;
  classifyError(error: unknown): ErrorKind;
  /** Whether the store answers and refuses, for instance for want of rights; left out where that is no `away`. */
  isRefusal?(error: unknown): boolean;
  /** Ends every connection, in bounded time. */
  close(): Promise<void>;
}

/** What a driver is given. */
export interface DriverContext {
  /** Hears the state of the connection; repeating one is harmless. */
  report: (connection: Connection) => void;
  warn: (text: string) => void;
  /** Aborts when the store closes. */
  closing: AbortSignal;
}

import { WaitingError } from 'bullmq';
import { BlockedError, InterruptedError, PostponedError } from '../base/errors.ts';
import type { JobRef } from '../base/model.ts';
import { Attempt, type Progress } from './attempt.ts';
import { closingController } from '../base/closing-controller.ts';
import type { StoreJob, StoreWorker, WorkOptions } from './store/driver.ts';
import type { Audience } from './events/job-listeners.ts';
import { kindOf, ownEvent, type OwnAttempt } from './events/to-event.ts';
import { addNote } from './job/attempt-note.ts';
import { encodeResult } from './job/encode-result.ts';
import { allOf, type JobObserver } from './job-observer.ts';
import { giveBack } from './give-back.ts';
import { decodeJob, type JobMessage } from './job/job-data.ts';
import { dueAt, ranFor, tickOf } from './job/job-times.ts';
import { resolveQueueOptions, type QueueOptions } from './options.ts';
import { runAttempt } from './run-attempt.ts';
import { safeError } from './job/safe-error.ts';
import { settledWithin } from '../base/settled-within.ts';
import type { Store } from './store/store.ts';
import { decodeValue } from '../values/value-tags.ts';
import { errorText } from './store/error-text.ts';

/** A job taken by a worker. */
export interface TakenJob extends JobRef {
  msg: JobMessage;
  /** Number of the attempt, from 1. */
  attempt: number;
  /** Maximum number of attempts. */
  attempts: number;
}

export interface WorkerOptions {
  queue: Partial<QueueOptions>;
  /** Maximum number of concurrent jobs. Default: 1 */
  concurrency?: number;
  /** Rate limit: at most `max` jobs in `duration` milliseconds, across all workers of the queue. */
  limiter?: { max: number; duration: number };
  /** Maximum duration of an attempt in milliseconds; 0 for no limit. Default: 0 */
  timeout?: number;
  /** Whether it belongs to a process of `fp-mqtt`. Default: false */
  isCommand?: boolean;
  observer?: JobObserver | undefined;
  /** Hears when the end of an attempt is stored. */
  audience?: Audience | undefined;
  /**
   * Runs an attempt and resolves with the job's result. Rejecting with GiveUpError makes the job a dead letter
   * immediately. InterruptedError returns it to the queue without using up an attempt (PostponedError: after its
   * delay). Any other error causes a retry.
   */
  run(job: TakenJob, attempt: Attempt): Promise<unknown>;
  /** Returns the names of the nodes that hold a job, for the message of a timeout. */
  describe?(job: TakenJob): string[];
  /** Called when the progress is stored. */
  onProgress?(job: TakenJob, progress: Progress): void;
  /** Called when the completion and the result of `run` are stored. */
  onCompleted?(job: TakenJob, result: unknown): void;
  /** Called when the failure of an attempt is stored and a retry will follow. */
  onFailedAttempt?(job: TakenJob, error: Error): void;
  /** Called when the failure of the last attempt is stored; `error` is the error of `run`. */
  onDeadLetter?(job: TakenJob, error: Error): void;
}

/** Takes jobs from a queue and runs them. */
export interface QueueWorker {
  /** Returns the number of running jobs. */
  running(): number;
  /** Takes no more jobs until `resume`. Running jobs continue. */
  pause(): void;
  resume(): void;
  /**
   * Takes no more jobs, waits up to `graceMs` milliseconds for running ones, and returns the others to the queue. Takes
   * a bounded time even if the store is unavailable: jobs that cannot be returned run again like those of a killed
   * process.
   */
  stop(graceMs?: number): Promise<void>;
}

const GIVE_BACK_TIME = 2000;
const CLOSE_TIME = 2000;
/** Delay in milliseconds of a job whose run was interrupted although the worker continues. */
const INTERRUPTED_DELAY = 1000;
/** The same for a job whose flow cannot take it, at most. */
const LONGEST_BLOCK = 10_000;

/**
 * Opens a worker, which starts when the store is available.
 *
 * @throws OptionsError if an option is invalid
 */
export function openWorker(store: Store, options: WorkerOptions): QueueWorker {
  return new RunningWorker(store, options);
}

class RunningWorker implements QueueWorker {
  readonly #store: Store;
  readonly #options: WorkerOptions;
  readonly #queue: string;
  readonly #keep: WorkOptions['keep'];
  readonly #observer: JobObserver;
  readonly #givingBack = closingController();
  #worker: StoreWorker | undefined;
  #isStopping = false;
  #isPaused = false;
  #onIdle: (() => void) | undefined;
  #running = 0;

  constructor(store: Store, options: WorkerOptions) {
    this.#store = store;
    this.#options = options;
    const { queue_name, keep_completed, keep_failed } = resolveQueueOptions(options.queue);
    this.#queue = queue_name;
    this.#keep = { completed: keep_completed, failed: keep_failed };
    this.#observer = allOf(store.minuteLog(queue_name), options.observer);
    void this.#start();
  }

  running(): number {
    return this.#running;
  }

  pause(): void {
    this.#isPaused = true;
    // Without waiting for running jobs, which would disconnect the worker until they have ended.
    void this.#worker?.pause(true);
  }

  resume(): void {
    this.#isPaused = false;
    void this.#worker?.resume();
  }

  async stop(graceMs = 10_000): Promise<void> {
    this.#isStopping = true;
    const worker = this.#worker;
    if (!worker) return;
    // BullMQ only waits for running jobs if the worker was not paused before.
    if (this.#isPaused && this.#running > 0) void worker.resume();
    const paused = worker.pause();
    // If the rate limit is reached, BullMQ's pause() waits until the limit's duration is over.
    const ended = this.#options.limiter ? this.#idle() : paused;
    const isWorthIt = this.#running > 0 || this.#store.connection().state === 'connected';
    if (!(await settledWithin(isWorthIt ? graceMs : 0, ended))) this.#givingBack.abort();
    await settledWithin(GIVE_BACK_TIME, paused);
    await settledWithin(CLOSE_TIME, worker.close(true));
  }

  /** Resolves when no job runs. */
  #idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      this.#notifyIfIdle();
    });
  }

  #notifyIfIdle(): void {
    if (this.#running === 0) this.#onIdle?.();
  }

  async #start(): Promise<void> {
    const { concurrency = 1, limiter, isCommand = false } = this.#options;
    try {
      const process = (job: StoreJob, token = '') => this.#process(job, token);
      const worker = await this.#store.worker(this.#queue, process, {
        concurrency,
        keep: this.#keep,
        isCommand,
        ...(limiter && { limiter }),
      });
      if (this.#isStopping) return await worker.close(true);
      this.#worker = worker;
      worker.on('completed', (job, result) => this.#completed(job, result));
      worker.on('failed', (job, error) => this.#failed(job, error));
      // A paused worker begins with `resume`.
      if (this.#isPaused) await worker.pause(true);
      await worker.run();
    } catch (error) {
      if (!(error instanceof InterruptedError)) this.#store.warn(errorText(error));
    }
  }

  async #process(job: StoreJob, token: string): Promise<unknown> {
    const attempt = this.#attempt(job);
    this.#running++;
    try {
      if (this.#isStopping) throw new InterruptedError('the worker stops');
      // BullMQ takes the job that it was waiting for.
      if (this.#isPaused) throw new InterruptedError('the worker is paused');
      if (isFirstAttempt(job)) this.#observer.onTaken(waited(job));
      return encodeResult(await this.#run(job, attempt));
    } catch (error) {
      if (error instanceof InterruptedError) throw await this.#return(job, token, error);
      throw noted(safeError(error), job, attempt);
    } finally {
      this.#running--;
      this.#notifyIfIdle();
    }
  }

  #attempt(job: StoreJob): Attempt {
    const queue = () => this.#store.queue(this.#queue);
    return new Attempt(job, queue, (progress) =>
      this.#options.onProgress?.(this.#taken(job, job.attemptsMade + 1), progress),
    );
  }

  #run(job: StoreJob, attempt: Attempt): Promise<unknown> {
    const taken = this.#taken(job, job.attemptsMade + 1);
    return runAttempt(attempt, () => this.#options.run(taken, attempt), {
      timeout: this.#options.timeout ?? 0,
      stopping: this.#givingBack.signal,
      describe: () => this.#options.describe?.(taken) ?? [],
    });
  }

  /** Returns the job to the queue; the result tells BullMQ that the job was moved. */
  async #return(job: StoreJob, token: string, why: InterruptedError): Promise<Error> {
    try {
      return await giveBack(job, token, this.#delay(job, why));
    } catch (error) {
      this.#store.warn(
        `job ${job.id} could not be returned to the queue and runs again later: ${errorText(error)}`,
      );
      return new WaitingError();
    }
  }

  /**
   * Delays the job until the interrupting node has restarted; no delay if this worker stops, so that others take it.
   */
  #delay(job: StoreJob, why: InterruptedError): number {
    if (this.#isStopping && why instanceof BlockedError) return 0;
    if (why instanceof BlockedError) return growingDelay(job);
    if (why instanceof PostponedError) return why.delay;
    return this.#isStopping || this.#isPaused ? 0 : INTERRUPTED_DELAY;
  }

  #completed(job: StoreJob, result: unknown): void {
    this.#observer.onCompleted(ranFor(job));
    this.#options.onCompleted?.(this.#taken(job, job.attemptsMade), decodeValue(result));
    this.#tell(job, { result });
  }

  #failed(job: StoreJob | undefined, error: Error): void {
    if (!job) return;
    const original = error.cause instanceof Error ? error.cause : error;
    const taken = this.#taken(job, job.attemptsMade);
    const isLast = job.finishedOn !== undefined;
    this.#observer.onFailed(ranFor(job), isLast);
    if (isLast) this.#options.onDeadLetter?.(taken, original);
    else this.#options.onFailedAttempt?.(taken, original);
    this.#tell(job, { error });
  }

  #tell(job: StoreJob, outcome: OwnAttempt['outcome']): void {
    const { audience } = this.#options;
    if (!audience?.wants(kindOf(outcome, job), job.id)) return;
    audience.tell(ownEvent({ queue: this.#queue, job, worker: this.#worker?.opts.name, outcome }));
  }

  #taken(job: StoreJob, attempt: number): TakenJob {
    return {
      id: job.id ?? '',
      name: job.name,
      queue: this.#queue,
      msg: messageOf(job),
      attempt,
      attempts: job.opts.attempts ?? 1,
    };
  }
}

/** Decodes the message each time, because a flow may have changed its copy. */
function messageOf(job: StoreJob): JobMessage {
  const msg = decodeJob(job.data);
  if (job.repeatJobKey) msg['executionTimestamp'] = tickOf(job).toISOString();
  return msg;
}

/** Not that of a job that was given back, or of a dead letter that was retried. */
function isFirstAttempt({ attemptsMade, attemptsStarted, stacktrace }: StoreJob): boolean {
  return attemptsMade === 0 && attemptsStarted <= 1 && !stacktrace?.length;
}

/** Milliseconds from a job's due time to its start. The clocks of other machines may be ahead. */
function waited(job: StoreJob): number {
  return Math.max(0, (job.processedOn ?? Date.now()) - dueAt(job).getTime());
}

/** Adds to an error's stack when the attempt ran, and where it failed. */
function noted(error: Error, { processedOn }: StoreJob, { failedNode: node }: Attempt): Error {
  const ended = Date.now();
  error.stack = addNote(error.stack ?? '', { started: processedOn ?? ended, ended, ...(node && { node }) });
  return error;
}

/** Doubles each time a job is returned to the queue. */
function growingDelay({ attemptsStarted, attemptsMade }: StoreJob): number {
  const timesGivenBack = Math.min(Math.max(attemptsStarted - attemptsMade - 1, 0), 10);
  return Math.min(1000 * 2 ** timesGivenBack, LONGEST_BLOCK);
}

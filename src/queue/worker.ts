import { WaitingError } from 'bullmq';
import { BlockedError, InterruptedError, PostponedError } from '../errors.ts';
import type { JobRef } from '../model.ts';
import { Attempt, type Progress } from './attempt.ts';
import { closingController } from './store/closing-controller.ts';
import type { StoreJob, StoreWorker, WorkOptions } from './store/driver.ts';
import { encodeResult } from './job/encode-result.ts';
import { giveBack } from './give-back.ts';
import { decodeJob, type JobMessage } from './job/job-data.ts';
import { resolveQueueOptions, type QueueOptions } from './options.ts';
import { runAttempt } from './run-attempt.ts';
import { safeError } from './job/safe-error.ts';
import { settledWithin } from '../settled-within.ts';
import type { Store } from './store/store.ts';
import { decodeValue } from '../value-tags.ts';
import { errorText } from './store/error-text.ts';

/** A job that a worker took. */
export interface TakenJob extends JobRef {
  msg: JobMessage;
  /** 1 for the first attempt. */
  attempt: number;
  /** How many attempts there are at most. */
  attempts: number;
}

export interface WorkerOptions {
  queue: Partial<QueueOptions>;
  /** Most jobs that run at the same time. Default: 1 */
  concurrency?: number;
  /** At most `max` jobs in `duration` milliseconds, over all workers of the queue. */
  limiter?: { max: number; duration: number };
  /** Milliseconds that one attempt may take; 0 for no limit. Default: 0 */
  timeout?: number;
  /** Whether it belongs to a process of `fp-mqtt`. Default: false */
  isCommand?: boolean;
  /**
   * Runs one attempt; what it resolves to is the job's result. Rejecting with GiveUpError makes the job a dead letter at
   * once, with InterruptedError gives it back with no attempt used up (PostponedError: after its delay), with any other
   * error tries again.
   */
  run(job: TakenJob, attempt: Attempt): Promise<unknown>;
  /** Names what still holds a job whose time is up. */
  describe?(job: TakenJob): string[];
  /** The store has recorded how far the job is. */
  onProgress?(job: TakenJob, progress: Progress): void;
  /** The store has recorded that the job is completed, with what `run` resolved to. */
  onCompleted?(job: TakenJob, result: unknown): void;
  /** The store has recorded that this attempt failed and that there will be another one. */
  onFailedAttempt?(job: TakenJob, error: Error): void;
  /** The store has recorded that the last attempt failed; `error` is what `run` rejected with. */
  onDeadLetter?(job: TakenJob, error: Error): void;
}

/** Takes jobs off a queue. */
export interface QueueWorker {
  /** Jobs that it took and has not ended. */
  running(): number;
  /**
   * Takes no more jobs, waits `graceMs` milliseconds for the running ones, and gives the rest back. Ends in bounded
   * time also when the store is away; what could not be given back runs again as if this process had been killed.
   */
  stop(graceMs?: number): Promise<void>;
}

const GIVE_BACK_TIME = 2000;
const CLOSE_TIME = 2000;
/** Milliseconds before a job is taken again whose run was interrupted while the worker goes on. */
const AGAIN = 1000;

/** Most milliseconds before a job is tried again whose flow cannot take it. */
const LONGEST_BLOCK = 10_000;

/**
 * Opens a worker, which begins as soon as the store answers.
 *
 * @throws OptionsError when an option is wrong
 */
export function openWorker(store: Store, options: WorkerOptions): QueueWorker {
  return new RunningWorker(store, options);
}

class RunningWorker implements QueueWorker {
  readonly #store: Store;
  readonly #options: WorkerOptions;
  readonly #queue: string;
  readonly #keep: WorkOptions['keep'];
  readonly #givingBack = closingController();
  #worker: StoreWorker | undefined;
  #isStopping = false;
  #onIdle: (() => void) | undefined;
  #running = 0;

  constructor(store: Store, options: WorkerOptions) {
    this.#store = store;
    this.#options = options;
    const { queue_name, keep_completed, keep_failed } = resolveQueueOptions(options.queue);
    this.#queue = queue_name;
    this.#keep = { completed: keep_completed, failed: keep_failed };
    void this.#start();
  }

  running(): number {
    return this.#running;
  }

  async stop(graceMs = 10_000): Promise<void> {
    this.#isStopping = true;
    const worker = this.#worker;
    if (!worker) return;
    const paused = worker.pause();
    // BullMQ pauses a worker that has reached its rate limit only when the time of that is over.
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
      this.#tellIfIdle();
    });
  }

  #tellIfIdle(): void {
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
      await worker.run();
    } catch (error) {
      if (!(error instanceof InterruptedError)) this.#store.warn(errorText(error));
    }
  }

  async #process(job: StoreJob, token: string): Promise<unknown> {
    this.#running++;
    try {
      if (this.#isStopping) throw new InterruptedError('the worker stops');
      return encodeResult(await this.#attempt(job));
    } catch (error) {
      if (!(error instanceof InterruptedError)) throw safeError(error);
      throw await this.#return(job, token, error);
    } finally {
      this.#running--;
      this.#tellIfIdle();
    }
  }

  #attempt(job: StoreJob): Promise<unknown> {
    const taken = this.#taken(job, job.attemptsMade + 1);
    const queue = () => this.#store.queue(this.#queue);
    const attempt = new Attempt(job, queue, (progress) => this.#options.onProgress?.(taken, progress));
    return runAttempt(attempt, () => this.#options.run(taken, attempt), {
      timeout: this.#options.timeout ?? 0,
      stopping: this.#givingBack.signal,
      describe: () => this.#options.describe?.(taken) ?? [],
    });
  }

  /** Gives what tells BullMQ that the job has been moved. */
  async #return(job: StoreJob, token: string, why: InterruptedError): Promise<Error> {
    try {
      return await giveBack(job, token, this.#delay(job, why));
    } catch (error) {
      this.#store.warn(`job ${job.id} could not be given back and runs again later: ${errorText(error)}`);
      return new WaitingError();
    }
  }

  /** What interrupts a run restarts, unless it is this worker that stops. */
  #delay(job: StoreJob, why: InterruptedError): number {
    if (this.#isStopping && why instanceof BlockedError) return 0;
    if (why instanceof BlockedError) return growingDelay(job);
    if (why instanceof PostponedError) return why.delay;
    return this.#isStopping ? 0 : AGAIN;
  }

  #completed(job: StoreJob, result: unknown): void {
    this.#options.onCompleted?.(this.#taken(job, job.attemptsMade), decodeValue(result));
  }

  #failed(job: StoreJob | undefined, error: Error): void {
    if (!job) return;
    const original = error.cause instanceof Error ? error.cause : error;
    const taken = this.#taken(job, job.attemptsMade);
    if (job.finishedOn === undefined) this.#options.onFailedAttempt?.(taken, original);
    else this.#options.onDeadLetter?.(taken, original);
  }

  /** Reads the message anew: a flow may have changed the one it was given. */
  #taken(job: StoreJob, attempt: number): TakenJob {
    return {
      id: job.id ?? '',
      name: job.name,
      queue: this.#queue,
      msg: decodeJob(job.data),
      attempt,
      attempts: job.opts.attempts ?? 1,
    };
  }
}

/** Doubles with each time that a job was given back. */
function growingDelay({ attemptsStarted, attemptsMade }: StoreJob): number {
  const timesGivenBack = Math.min(Math.max(attemptsStarted - attemptsMade - 1, 0), 10);
  return Math.min(1000 * 2 ** timesGivenBack, LONGEST_BLOCK);
}

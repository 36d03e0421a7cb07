import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { InterruptedError, OverloadedError } from '../errors.ts';
import type { JobRef } from '../model.ts';
import { closingController } from './closing-controller.ts';
import { waitToRetry } from './growing-delay.ts';
import { encodeJob, LARGEST_JOB } from './job-data.ts';
import { checkNewJob, jobOptions, type NewJob } from './new-job.ts';
import { resolveQueueOptions, type QueueOptions } from './options.ts';
import { orInterrupted } from './or-interrupted.ts';
import { settledWithin } from './settled-within.ts';
import type { Store } from './store.ts';
import { writeJobs, type Entry, type Writing } from './write-jobs.ts';

/** A job that is in the store. */
export interface AddedJob extends JobRef {
  /** Whether an earlier job stands for this one, which was not added; `id` is then the earlier one's. */
  deduplicated: boolean;
}

/** Adds jobs to one queue. */
export interface Producer {
  /**
   * Resolves when the job is durable in the store, which may take as long as the store is away.
   *
   * @throws SerializeError, OptionsError or GiveUpError when the job is wrong as it stands
   * @throws OverloadedError when too much waits
   * @throws InterruptedError when the producer closes first
   */
  add(job: NewJob): Promise<AddedJob>;
  /** Ends an exchange: its key no longer keeps a job from being added. */
  forget(key: string): Promise<void>;
  /** Jobs that are not yet in the store. */
  waiting(): number;
  /** Gives what waits `graceMs` milliseconds to reach the store, if that answers; interrupts the rest. */
  close(graceMs?: number): Promise<void>;
}

export interface ProducerLimits {
  /** Most bytes of one job's data. Default: 1 MiB */
  jobSize?: number;
  /** Most jobs of one write. Default: 500 */
  batch?: number;
  /** Most jobs that wait. Default: 10,000 */
  waiting?: number;
  /** Most bytes that wait, and an eighth of them in one write. Default: 64 MiB */
  waitingSize?: number;
}

const defaultLimits: Required<ProducerLimits> = {
  jobSize: LARGEST_JOB,
  batch: 500,
  waiting: 10_000,
  waitingSize: 67_108_864,
};

/**
 * Opens a producer. What arrives while a write is under way goes into the next one.
 *
 * @throws OptionsError when an option is wrong
 */
export function openProducer(
  store: Store,
  options: Partial<QueueOptions> = {},
  limits: ProducerLimits = {},
): Producer {
  return new BatchingProducer(store, resolveQueueOptions(options), { ...defaultLimits, ...limits });
}

class BatchingProducer implements Producer {
  readonly #store: Store;
  readonly #options: QueueOptions;
  readonly #limits: Required<ProducerLimits>;
  readonly #closing = closingController();
  /** In the order of arrival; those of the write under way are still first. */
  readonly #entries: Entry[] = [];
  #size = 0;
  #writing: Promise<void> | undefined;

  constructor(store: Store, options: QueueOptions, limits: Required<ProducerLimits>) {
    this.#store = store;
    this.#options = options;
    this.#limits = limits;
    // Each exchange that ends listens.
    setMaxListeners(0, this.#closing.signal);
  }

  async add(job: NewJob): Promise<AddedJob> {
    checkNewJob(job);
    const { data, size } = encodeJob(job.msg, this.#limits.jobSize);
    this.#checkRoom(size);
    const jobId = randomUUID();
    const opts = { ...jobOptions(job, this.#options), jobId };
    const staleKey = job.exchange && !job.exchange.dup && !job.deduplication ? job.exchange.key : undefined;
    const id = await new Promise<string>((stored, refused) => {
      this.#entries.push({ name: job.name, data, opts, staleKey, size, stored, refused });
      this.#size += size;
      this.#writing ??= this.#writeAll();
    });
    return { id, name: job.name, queue: this.#options.queue_name, deduplicated: id !== jobId };
  }

  async forget(key: string): Promise<void> {
    const closing = this.#closing.signal;
    for (let attempt = 1; ; attempt++) {
      const queue = await orInterrupted(this.#store.queue(this.#options.queue_name), closing);
      try {
        await orInterrupted(queue.removeDeduplicationKey(key), closing);
        return;
      } catch (error) {
        if (closing.aborted) throw error;
        await waitToRetry(attempt, closing);
      }
    }
  }

  waiting(): number {
    return this.#entries.length;
  }

  async close(graceMs = 2000): Promise<void> {
    if (this.#writing && this.#store.connection().state === 'connected') {
      await settledWithin(graceMs, this.#writing);
    }
    this.#closing.abort();
    const interruption = new InterruptedError('the queue was closed before the job was stored');
    for (const entry of this.#entries.splice(0)) entry.refused(interruption);
  }

  #checkRoom(size: number): void {
    if (this.#closing.signal.aborted) throw new InterruptedError('the queue is closed');
    const { waiting, waitingSize } = this.#limits;
    if (this.#entries.length < waiting && this.#size + size <= waitingSize) return;
    throw new OverloadedError(
      `${this.#entries.length} jobs with ${this.#size} bytes already wait for the queue ` +
        `${this.#options.queue_name}: send less, or send again when the store has caught up`,
    );
  }

  async #writeAll(): Promise<void> {
    try {
      const closing = this.#closing.signal;
      const queue = await orInterrupted(this.#store.queue(this.#options.queue_name), closing);
      const judge = (error: unknown) => this.#store.judge(error);
      const warn = (text: string) => this.#store.warn(text);
      while (this.#entries.length > 0) await this.#writeNext({ queue, judge, warn, closing });
    } catch (error) {
      // Closed: nothing else ends a write.
      for (const entry of this.#entries.splice(0)) entry.refused(error as Error);
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeNext(writing: Writing): Promise<void> {
    const batch = this.#nextBatch();
    await writeJobs(batch, writing);
    this.#entries.splice(0, batch.length);
    this.#size -= sizeOf(batch);
  }

  #nextBatch(): Entry[] {
    const most = this.#limits.waitingSize / 8;
    let size = 0;
    const isFull = (entry: Entry, index: number) => {
      size += entry.size;
      return index >= this.#limits.batch || (size > most && index > 0);
    };
    const end = this.#entries.findIndex(isFull);
    return this.#entries.slice(0, end === -1 ? undefined : end);
  }
}

function sizeOf(entries: Entry[]): number {
  return entries.reduce((size, entry) => size + entry.size, 0);
}

import { InterruptedError, OverloadedError } from '../base/errors.ts';
import type { JobRef } from '../base/model.ts';
import { closingController } from '../base/closing-controller.ts';
import { waitToRetry } from '../base/growing-delay.ts';
import { encodeJob, LARGEST_JOB } from './job/job-data.ts';
import { jobId } from './job/job-id.ts';
import { checkNewJob, jobOptions, type NewJob } from './job/new-job.ts';
import { resolveQueueOptions, type QueueOptions } from './options.ts';
import { orInterrupted } from '../base/or-interrupted.ts';
import { settledWithin } from '../base/settled-within.ts';
import type { Store } from './store/store.ts';
import { together } from './together.ts';
import { writeJobs, type Entry, type Writing } from './write-jobs.ts';

/** A stored job. */
export interface AddedJob extends JobRef {
  /** The job was not added because an earlier one has the same key; `id` is the ID of the earlier one. */
  deduplicated: boolean;
}

/** Adds jobs to one queue. */
export interface Producer {
  /**
   * Adds a job; resolves when the store has persisted it. Waits while the store is unavailable.
   *
   * @throws SerializeError, OptionsError or GiveUpError if the job is invalid
   * @throws OverloadedError if too many jobs are waiting
   * @throws InterruptedError if the producer closes first
   */
  add(job: NewJob): Promise<AddedJob>;
  /** Deletes a `once` key: its message will not be sent again. */
  forget(key: string): Promise<void>;
  /** Returns the number of jobs that are not yet stored. */
  waiting(): number;
  /** Waits up to `graceMs` milliseconds for waiting jobs if the store is connected; interrupts the others. */
  close(graceMs?: number): Promise<void>;
}

export interface ProducerLimits {
  /** Maximum size of a job's data in bytes. Default: 1 MiB */
  jobSize?: number;
  /** Maximum number of jobs per write. Default: 500 */
  batch?: number;
  /** Maximum number of waiting jobs. Default: 10,000 */
  waiting?: number;
  /** Maximum bytes of waiting jobs; a write has at most an eighth of it. Default: 64 MiB */
  waitingSize?: number;
}

/** Bytes of a job's data above which a write of several takes longer than a write for each. */
const LARGE = 32_768;

const defaultLimits: Required<ProducerLimits> = {
  jobSize: LARGEST_JOB,
  batch: 500,
  waiting: 10_000,
  waitingSize: 67_108_864,
};

/**
 * Opens a producer. Jobs that arrive during a write are combined into the next one.
 *
 * @throws OptionsError if an option is invalid
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
  /** Jobs for the next writes, in the order of arrival. */
  readonly #entries: Entry[] = [];
  readonly #forget = together<string>((keys) => this.#forgetAll(keys));
  #waiting = 0;
  #waitingSize = 0;
  #writing: Promise<void> | undefined;

  constructor(store: Store, options: QueueOptions, limits: Required<ProducerLimits>) {
    this.#store = store;
    this.#options = options;
    this.#limits = limits;
  }

  async add(job: NewJob): Promise<AddedJob> {
    checkNewJob(job);
    const { data, size } = encodeJob(job.msg, this.#limits.jobSize);
    this.#checkRoom(size);
    const ownId = jobId();
    const opts = { ...jobOptions(job, this.#options), jobId: ownId };
    const staleKey = job.once && !job.once.dup && !job.deduplication ? job.once.key : undefined;
    this.#waiting++;
    this.#waitingSize += size;
    try {
      const id = await this.#write({ name: job.name, data, opts, staleKey, size });
      return { id, name: job.name, queue: this.#options.queue_name, deduplicated: id !== ownId };
    } finally {
      this.#waiting--;
      this.#waitingSize -= size;
    }
  }

  forget(key: string): Promise<void> {
    return this.#forget(key);
  }

  async #forgetAll(keys: string[]): Promise<void> {
    const closing = this.#closing.signal;
    for (let attempt = 1; ; attempt++) {
      const access = await orInterrupted(this.#store.access(this.#options.queue_name), closing);
      try {
        return await orInterrupted(access.removeKeys(keys), closing);
      } catch (error) {
        if (closing.aborted) throw error;
        await waitToRetry(attempt, closing);
      }
    }
  }

  waiting(): number {
    return this.#waiting;
  }

  async close(graceMs = 2000): Promise<void> {
    if (this.#writing && this.#store.connection().state === 'connected') {
      await settledWithin(graceMs, this.#writing);
    }
    this.#closing.abort();
    await this.#writing;
  }

  #checkRoom(size: number): void {
    if (this.#closing.signal.aborted) throw new InterruptedError('the queue is closed');
    const { waiting, waitingSize } = this.#limits;
    if (this.#waiting < waiting && this.#waitingSize + size <= waitingSize) return;
    throw new OverloadedError(
      `${this.#waiting} jobs with ${this.#waitingSize} bytes are already waiting for the queue ` +
        `${this.#options.queue_name}: send less, or send again when the store has caught up`,
    );
  }

  #write(entry: Omit<Entry, 'stored' | 'refused'>): Promise<string> {
    return new Promise((stored, refused) => {
      this.#entries.push({ ...entry, stored, refused });
      this.#writing ??= this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    let batch: Entry[] = [];
    try {
      const writing = await this.#openWriting();
      while (this.#entries.length > 0) {
        batch = this.#nextBatch();
        await writeJobs(batch, writing);
      }
    } catch {
      // Only close() makes a write fail.
      const interruption = new InterruptedError('the queue was closed before the job was stored');
      for (const entry of [...batch, ...this.#entries.splice(0)]) entry.refused(interruption);
    } finally {
      this.#writing = undefined;
    }
  }

  async #openWriting(): Promise<Writing> {
    const closing = this.#closing.signal;
    const { queue_name } = this.#options;
    return {
      queue: await orInterrupted(this.#store.queue(queue_name), closing),
      removeKeys: async (keys) => (await this.#store.access(queue_name)).removeKeys(keys),
      classifyError: (error) => this.#store.classifyError(error),
      onWait: (reason) => this.#warn(reason),
      closing,
    };
  }

  /** Warns only if the store is connected, for instance full: an unavailable store already reports its state. */
  #warn(reason: string): void {
    if (this.#store.connection().state === 'connected') this.#store.warn(`jobs wait to be stored: ${reason}`);
  }

  #nextBatch(): Entry[] {
    const most = this.#limits.waitingSize / 8;
    let size = 0;
    const isTooMuch = (entry: Entry, index: number) => {
      size += entry.size;
      const isWithLarge = Math.max(entry.size, this.#entries[0]?.size ?? 0) > LARGE;
      return index >= this.#limits.batch || (index > 0 && (size > most || isWithLarge));
    };
    const end = this.#entries.findIndex(isTooMuch);
    return this.#entries.splice(0, end === -1 ? this.#entries.length : end);
  }
}

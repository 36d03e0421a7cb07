import { InterruptedError, OverloadedError } from '../base/errors.ts';
import type { JobRef } from '../base/model.ts';
import { closingController } from '../base/closing-controller.ts';
import { waitToRetry } from '../base/growing-delay.ts';
import { LARGEST_JOB } from './job/job-data.ts';
import { allOf, type JobObserver } from './job-observer.ts';
import { encodeNewJob, type NewJob } from './job/new-job.ts';
import { resolveQueueOptions, type QueueOptions } from './options.ts';
import { orInterrupted } from '../base/or-interrupted.ts';
import { settledWithin } from '../base/settled-within.ts';
import { traced, type Tracing } from '../base/tracing.ts';
import type { Store } from './store/store.ts';
import { together } from '../base/one-at-a-time.ts';
import {
  takeBatch,
  writeJobs,
  type EncodedJob,
  type Entry,
  type JobSink,
  type Writing,
} from './write-jobs.ts';

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

export interface ProducerSettings extends ProducerLimits {
  /** Notified of each stored job. */
  observer?: JobObserver | undefined;
  /** Traces each job that is added. */
  tracing?: Tracing | undefined;
}

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
  settings: ProducerSettings = {},
): Producer {
  const queue = resolveQueueOptions(options);
  const observer = allOf(store.minuteLog(queue.queue_name), settings.observer);
  const destination: Destination = {
    name: queue.queue_name,
    store,
    // It takes what `encode` returns.
    sink: () => store.queue(queue.queue_name) as Promise<unknown> as Promise<JobSink>,
    removeKeys: async (keys) => (await store.access(queue.queue_name)).removeKeys(keys),
    encode: (job, limit) => encodeNewJob(job, queue, limit),
  };
  return openProducerFor(destination, { ...settings, observer });
}

/** The queue of a producer, and how it encodes jobs. */
interface Destination {
  /** The queue's name. */
  name: string;
  store: Pick<Store, 'classifyError' | 'connection' | 'warn'>;
  /** Opens the queue; waits while the store is unavailable. */
  sink: () => Promise<JobSink>;
  /** Deletes keys of messages. */
  removeKeys: (keys: string[]) => Promise<void>;
  /** Checks a job and encodes it for the sink; `limit` is the maximum size of its data in bytes. */
  encode: (job: NewJob, limit: number) => EncodedJob;
}

/** Opens a producer for any kind of queue. */
export function openProducerFor(destination: Destination, settings: ProducerSettings = {}): Producer {
  return new BatchingProducer(destination, settings);
}

class BatchingProducer implements Producer {
  readonly #destination: Destination;
  readonly #limits: Required<ProducerLimits>;
  readonly #observer: JobObserver | undefined;
  readonly #tracing: Tracing | undefined;
  readonly #closing = closingController();
  /** Jobs for the next writes, in the order of arrival. */
  readonly #entries: Entry[] = [];
  readonly forget = together<string>((keys) => this.#forgetAll(keys));
  #waiting = 0;
  #waitingSize = 0;
  #writing: Promise<void> | undefined;

  constructor(destination: Destination, { observer, tracing, ...limits }: ProducerSettings) {
    this.#destination = destination;
    this.#limits = { ...defaultLimits, ...limits };
    this.#observer = observer;
    this.#tracing = tracing;
  }

  add(job: NewJob): Promise<AddedJob> {
    const span = this.#tracing?.start({
      name: `enqueue ${job.name}`,
      kind: 'producer',
      parent: job.trace,
      attributes: { 'messaging.operation.name': 'enqueue', 'bullmq.job.name': job.name },
    });
    return span ? traced(span, () => this.#add({ ...job, trace: span.context })) : this.#add(job);
  }

  async #add(job: NewJob): Promise<AddedJob> {
    const encoded = this.#destination.encode(job, this.#limits.jobSize);
    const { size, opts } = encoded;
    this.#checkRoom(size);
    this.#waiting++;
    this.#waitingSize += size;
    try {
      const began = Date.now();
      const id = await this.#write(encoded);
      const deduplicated = id !== opts.jobId;
      this.#observer?.onStored(Date.now() - began, deduplicated);
      return { id, name: job.name, queue: this.#destination.name, deduplicated };
    } finally {
      this.#waiting--;
      this.#waitingSize -= size;
    }
  }

  async #forgetAll(keys: string[]): Promise<void> {
    const closing = this.#closing.signal;
    for (let attempt = 1; ; attempt++) {
      try {
        return await orInterrupted(this.#destination.removeKeys(keys), closing);
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
    if (this.#writing && this.#destination.store.connection().state === 'connected') {
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
        `${this.#destination.name}: send less, or send again when the store has caught up`,
    );
  }

  #write(entry: EncodedJob): Promise<string> {
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
        batch = takeBatch(this.#entries, { jobs: this.#limits.batch, size: this.#limits.waitingSize / 8 });
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
    return {
      queue: await orInterrupted(this.#destination.sink(), closing),
      removeKeys: (keys) => this.#destination.removeKeys(keys),
      classifyError: (error) => this.#destination.store.classifyError(error),
      onWait: (reason) => this.#warn(reason),
      closing,
    };
  }

  /** Warns only if the store is connected, for instance full: an unavailable store already reports its state. */
  #warn(reason: string): void {
    const { store } = this.#destination;
    if (store.connection().state === 'connected') store.warn(`jobs wait to be stored: ${reason}`);
  }
}

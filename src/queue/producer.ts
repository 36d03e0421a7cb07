import { InterruptedError, OverloadedError } from '../errors.ts';
import type { JobRef } from '../model.ts';
import { closingController } from './store/closing-controller.ts';
import { waitToRetry } from './store/growing-delay.ts';
import { encodeJob, LARGEST_JOB } from './job/job-data.ts';
import { jobId } from './job/job-id.ts';
import { checkNewJob, jobOptions, type NewJob } from './job/new-job.ts';
import { resolveQueueOptions, type QueueOptions } from './options.ts';
import { orInterrupted } from './store/or-interrupted.ts';
import { settledWithin } from '../settled-within.ts';
import type { Store } from './store/store.ts';
import { writeJobs, type EncodedJob, type Entry, type JobSink, type Writing } from './write-jobs.ts';

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
  /** A `once` key no longer keeps a job from being added: its message will not come again. */
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
  const queue = resolveQueueOptions(options);
  const destination: Destination = {
    name: queue.queue_name,
    store,
    // What it takes is what `encode` gives.
    sink: () => store.queue(queue.queue_name) as Promise<unknown> as Promise<JobSink>,
    encode: (job, limit) => encode(job, queue, limit),
  };
  return openProducerFor(destination, limits);
}

/** Where a producer's jobs go, and in which form. */
export interface Destination {
  /** The queue's name. */
  name: string;
  store: Pick<Store, 'classifyError' | 'connection' | 'warn'>;
  /** Opens the queue, which may take as long as the store is away. */
  sink: () => Promise<JobSink>;
  /** Checks a job and writes it as the sink takes it; `limit` is the most bytes of its data. */
  encode: (job: NewJob, limit: number) => EncodedJob;
}

/** Opens a producer for any kind of queue. */
export function openProducerFor(destination: Destination, limits: ProducerLimits = {}): Producer {
  return new BatchingProducer(destination, { ...defaultLimits, ...limits });
}

function encode(job: NewJob, options: QueueOptions, limit: number): EncodedJob {
  checkNewJob(job);
  const opts = { ...jobOptions(job, options), jobId: jobId() };
  const staleKey = job.once && !job.once.dup && !job.deduplication ? job.once.key : undefined;
  return { name: job.name, ...encodeJob(job.msg, limit), opts, staleKey };
}

class BatchingProducer implements Producer {
  readonly #destination: Destination;
  readonly #limits: Required<ProducerLimits>;
  readonly #closing = closingController();
  /** What goes into the next writes, in the order of arrival. */
  readonly #entries: Entry[] = [];
  #waiting = 0;
  #waitingSize = 0;
  #writing: Promise<void> | undefined;

  constructor(destination: Destination, limits: Required<ProducerLimits>) {
    this.#destination = destination;
    this.#limits = limits;
  }

  async add(job: NewJob): Promise<AddedJob> {
    const encoded = this.#destination.encode(job, this.#limits.jobSize);
    const { size, opts } = encoded;
    this.#checkRoom(size);
    this.#waiting++;
    this.#waitingSize += size;
    try {
      const id = await this.#write(encoded);
      return { id, name: job.name, queue: this.#destination.name, deduplicated: id !== opts.jobId };
    } finally {
      this.#waiting--;
      this.#waitingSize -= size;
    }
  }

  async forget(key: string): Promise<void> {
    const closing = this.#closing.signal;
    for (let attempt = 1; ; attempt++) {
      const queue = await orInterrupted(this.#destination.sink(), closing);
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
      `${this.#waiting} jobs with ${this.#waitingSize} bytes already wait for the queue ` +
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
        batch = this.#nextBatch();
        await writeJobs(batch, writing);
      }
    } catch {
      // Only a close ends a write.
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
      classifyError: (error) => this.#destination.store.classifyError(error),
      onWait: (reason) => this.#warn(reason),
      closing,
    };
  }

  /** A store that is away says so itself; one that answers, but is full for instance, does not. */
  #warn(reason: string): void {
    const { store } = this.#destination;
    if (store.connection().state === 'connected') store.warn(`jobs wait to be stored: ${reason}`);
  }

  #nextBatch(): Entry[] {
    const most = this.#limits.waitingSize / 8;
    let size = 0;
    const isTooMuch = (entry: Entry, index: number) => {
      size += entry.size;
      return index >= this.#limits.batch || (size > most && index > 0);
    };
    const end = this.#entries.findIndex(isTooMuch);
    return this.#entries.splice(0, end === -1 ? this.#entries.length : end);
  }
}

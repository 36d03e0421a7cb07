import type { QueueState } from '../../src/index.ts';
import type { Users } from '../config-node.ts';
import { Backlog } from './backlog.ts';

/** What the statuses of a queue's nodes show of it. */
export interface QueueSample {
  waiting: number;
  /** Dead letters in the store. */
  dead: number;
  /** Counts above it mean "at least so many". */
  countedTo: number;
  /** Milliseconds since the oldest waiting job was due. */
  oldestWaiting: number | undefined;
  isPaused: boolean;
  /** More jobs wait from minute to minute. */
  isGrowing: boolean;
}

export type SampleListener = (sample: QueueSample) => void;

interface WatchOptions {
  users: Users;
  /** Resolves to nothing if the queue is not open. */
  read: () => Promise<QueueState | undefined>;
  countedTo: number;
  /** Minimum milliseconds between two samples. */
  interval?: number;
}

const INTERVAL = 5000;
/** A read may have waited for a store that was unavailable. */
const LONGEST_REST = 60_000;
/** A sample may take at most this part of the time, because an embedded store does nothing else meanwhile. */
const MOST_OF_TIME = 0.01;

/** Reads a queue's state for all nodes that use it, while there are any and the store is available. */
export class QueueWatch {
  readonly #options: Required<WatchOptions>;
  readonly #listeners = new Set<SampleListener>();
  readonly #backlog: Backlog;
  #last: QueueSample | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isReading = false;
  #release: (() => void) | undefined;

  constructor(options: WatchOptions) {
    this.#options = { interval: INTERVAL, ...options };
    this.#backlog = new Backlog(options.countedTo);
  }

  /** Calls `listener` with each sample, until the returned function is called. */
  add(listener: SampleListener): () => void {
    const own: SampleListener = (sample) => listener(sample);
    this.#listeners.add(own);
    if (this.#last) own(this.#last);
    // The first sample comes as soon as the store is there.
    this.#release ??= this.#options.users.add(({ state }) => {
      if (state === 'connected') void this.#sample();
    });
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#last = undefined;
    this.#release?.();
    this.#release = undefined;
  }

  async #sample(): Promise<void> {
    if (this.#isReading) return;
    clearTimeout(this.#timer);
    this.#isReading = true;
    const began = performance.now();
    // What is wrong with the store is reported by its connection; numbers are left out.
    const state = await this.#options.read().catch(() => undefined);
    this.#isReading = false;
    if (this.#listeners.size === 0) return;
    if (state) this.#tell(state);
    const rest = Math.min((performance.now() - began) / MOST_OF_TIME, LONGEST_REST);
    this.#timer = setTimeout(() => void this.#sampleIfConnected(), Math.max(rest, this.#options.interval));
    this.#timer.unref();
  }

  async #sampleIfConnected(): Promise<void> {
    if (this.#options.users.connection.state === 'connected') await this.#sample();
  }

  #tell({ counts, isPaused, oldestWaiting }: QueueState): void {
    const { waiting, dead } = counts;
    const { countedTo } = this.#options;
    const isGrowing = this.#backlog.add(waiting);
    this.#last = { waiting, dead, countedTo, oldestWaiting, isPaused, isGrowing };
    for (const listener of this.#listeners) listener(this.#last);
  }
}

import type { OpenQueue } from '../../src/index.ts';

/** Default of `idle`. */
const IDLE = 30_000;

/** Opens a queue for its first user until `close`, or for looks until `idle` milliseconds after the last one. */
export class QueueOnDemand {
  readonly #open: () => OpenQueue;
  readonly #idle: number;
  #opened: OpenQueue | undefined;
  #isUsed = false;
  #looks = 0;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> = Promise.resolve();

  constructor(open: () => OpenQueue, { idle = IDLE }: { idle?: number } = {}) {
    this.#open = open;
    this.#idle = idle;
  }

  get opened(): OpenQueue | undefined {
    return this.#opened;
  }

  /** Whether a node uses the queue; looks do not count. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  use(): OpenQueue {
    this.#isUsed = true;
    return this.#ensureOpen();
  }

  async look<T>(look: (queue: OpenQueue) => Promise<T>): Promise<T> {
    const queue = this.#ensureOpen();
    clearTimeout(this.#timer);
    this.#looks++;
    try {
      return await look(queue);
    } finally {
      this.#looks--;
      this.#closeWhenIdle();
    }
  }

  close(): Promise<void> {
    clearTimeout(this.#timer);
    const opened = this.#opened;
    this.#opened = undefined;
    // The store of an earlier look may still be closing.
    this.#closing = this.#closing.then(() => opened?.close());
    return this.#closing;
  }

  #ensureOpen(): OpenQueue {
    return (this.#opened ??= this.#open());
  }

  #closeWhenIdle(): void {
    if (this.#isUsed || this.#looks > 0 || !this.#opened) return;
    this.#timer = setTimeout(() => {
      if (!this.#isUsed && this.#looks === 0) void this.close();
    }, this.#idle);
    this.#timer.unref();
  }
}

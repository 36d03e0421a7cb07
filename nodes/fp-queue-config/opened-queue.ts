import type { Producer, Store } from '../../src/index.ts';

/** An open store with a producer for one queue. */
export interface Opened {
  store: Store;
  producer: Producer;
  close(): Promise<void>;
}

/** Default of `idle`. */
const IDLE = 30_000;

/** Opens a queue for its first user until `close`, or for looks until `idle` milliseconds after the last one. */
export class OpenedQueue {
  readonly #open: () => Opened;
  readonly #idle: number;
  #opened: Opened | undefined;
  #isUsed = false;
  #looks = 0;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> = Promise.resolve();

  constructor(open: () => Opened, { idle = IDLE }: { idle?: number } = {}) {
    this.#open = open;
    this.#idle = idle;
  }

  get opened(): Opened | undefined {
    return this.#opened;
  }

  use(): Opened {
    this.#isUsed = true;
    return this.#ensureOpen();
  }

  async look<T>(look: (store: Store) => Promise<T>): Promise<T> {
    const { store } = this.#ensureOpen();
    clearTimeout(this.#timer);
    this.#looks++;
    try {
      return await look(store);
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

  #ensureOpen(): Opened {
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

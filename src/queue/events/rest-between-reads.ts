/** Milliseconds to the next read while events come; an event after a silence is read at once. */
const REST = 25;
/** Events that should be read together, which are fewer than a queue keeps. */
const FEW = 40;
/** Milliseconds to the next read while the events are only those of jobs of which this process knows anyway. */
const LONG_REST = 250;
/** Reads after which the next ones will probably tell nothing new either. */
const MANY_DULL = 3;
/** Milliseconds. */
const SILENCE = 1000;

/**
 * Decides how long to rest between two reads of events: to read one costs the store and this process about as much as a job
 * that does nothing.
 */
export class RestBetweenReads {
  readonly #mayMiss: () => boolean;
  #dullReads = 0;

  /** `mayMiss`: whether a look finds the events that are gone before they are read. */
  constructor(mayMiss: () => boolean) {
    this.#mayMiss = mayMiss;
  }

  /** An event of the last read told something new. */
  wasUseful(): void {
    this.#dullReads = 0;
  }

  /** Milliseconds to rest after a read of `found` events, `elapsed` after the one before. */
  after(found: number, elapsed: number): number {
    if (found === 0 || elapsed > SILENCE) this.#dullReads = 0;
    if (found === 0) return 0;
    this.#dullReads += 1;
    if (this.#dullReads > MANY_DULL && this.#mayMiss()) return LONG_REST;
    return Math.min(REST, (FEW * elapsed) / found);
  }
}

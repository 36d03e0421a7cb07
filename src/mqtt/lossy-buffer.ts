export type DropPolicy = 'oldest' | 'newest';

interface LossyBufferOptions<Item> {
  /** Maximum number of unsettled items. */
  running: number;
  /** Maximum number of waiting items. */
  waiting: number;
  /** Which item to drop when the buffer is full: the one that has waited longest, or the new one. */
  drop: DropPolicy;
  /** Size of an item in bytes. */
  sizeOf(item: Item): number;
  /** Resolves when the item has settled, never rejects. */
  deliver(item: Item): Promise<void>;
  onDrop(): void;
}

/** Maximum bytes of unsettled items, and of waiting items. */
const MOST_BYTES = 33_554_432;

/** A bounded queue that drops items when it is full: for QoS 0, where the sender does not wait for us. */
export class LossyBuffer<Item> {
  readonly #options: LossyBufferOptions<Item>;
  readonly #waiting: Item[] = [];
  #waitingBytes = 0;
  #running = 0;
  #runningBytes = 0;
  #dropped = 0;

  constructor(options: LossyBufferOptions<Item>) {
    this.#options = options;
  }

  /** Number of dropped items. */
  get dropped(): number {
    return this.#dropped;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  push(item: Item): void {
    this.#waiting.push(item);
    this.#waitingBytes += this.#options.sizeOf(item);
    this.#handOn();
    while (this.#waiting.length > this.#options.waiting || this.#waitingBytes > MOST_BYTES) {
      this.#take(this.#options.drop === 'oldest' ? this.#waiting.shift() : this.#waiting.pop());
      this.#dropped += 1;
      this.#options.onDrop();
    }
  }

  #handOn(): void {
    const { running } = this.#options;
    while (this.#running < running && this.#runningBytes < MOST_BYTES && this.#waiting.length > 0) {
      void this.#deliver(this.#take(this.#waiting.shift()));
    }
  }

  #take(item: Item | undefined): Item {
    this.#waitingBytes -= this.#options.sizeOf(item as Item);
    return item as Item;
  }

  async #deliver(item: Item): Promise<void> {
    const size = this.#options.sizeOf(item);
    this.#running += 1;
    this.#runningBytes += size;
    await this.#options.deliver(item);
    this.#running -= 1;
    this.#runningBytes -= size;
    this.#handOn();
  }
}

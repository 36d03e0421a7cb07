export type DropPolicy = 'oldest' | 'newest';

export interface LossyBufferOptions<Item> {
  /** How many items may be handed on and unsettled at once. */
  running: number;
  /** How many more may wait. */
  waiting: number;
  /** Which item goes when one more arrives: the one that has waited longest, or the arriving one. */
  drop: DropPolicy;
  /** Resolves when the item has settled, never rejects. */
  deliver(item: Item): Promise<void>;
  onDrop(): void;
}

/** Hands items on in order and holds a bounded number: QoS 0, where the sender does not wait for us. */
export class LossyBuffer<Item> {
  readonly #options: LossyBufferOptions<Item>;
  readonly #waiting: Item[] = [];
  #running = 0;
  #dropped = 0;

  constructor(options: LossyBufferOptions<Item>) {
    this.#options = options;
  }

  /** How many items were dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  push(item: Item): void {
    this.#waiting.push(item);
    this.#handOn();
    if (this.#waiting.length <= this.#options.waiting) return;
    if (this.#options.drop === 'oldest') this.#waiting.shift();
    else this.#waiting.pop();
    this.#dropped += 1;
    this.#options.onDrop();
  }

  #handOn(): void {
    while (this.#running < this.#options.running && this.#waiting.length > 0) {
      void this.#deliver(this.#waiting.shift() as Item);
    }
  }

  async #deliver(item: Item): Promise<void> {
    this.#running += 1;
    await this.#options.deliver(item);
    this.#running -= 1;
    this.#handOn();
  }
}

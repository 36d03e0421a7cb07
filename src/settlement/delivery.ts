/** A node that has a message, or will get it. */
export interface Holder {
  id: string;
  /** How a person finds the node: its name or type. */
  label: string;
}

/** Whose errors reject a delivery: all that nodes report, or only those that no Catch node handled. */
export type CountedErrors = 'all' | 'unhandled';

interface Hold {
  label: string;
  /** Messages on their way to the node. */
  announced: number;
  /** Messages that the node works on. */
  active: number;
  /** Of these, how many it has reported an error with. */
  failed: number;
}

/**
 * Milliseconds in which a node that reported an error must say that it has finished; some never do, for instance a
 * node whose handler throws, or a link call that timed out.
 */
const PATIENCE = 1000;

export interface DeliveryOptions {
  errors: CountedErrors;
  /** Called once, when nobody holds the delivery any more, with the first error that counts. */
  onSettled(error: Error | undefined): void;
}

/** Who holds the copies of one message. It settles when the last holder has finished. */
export class DeliveryHolds {
  readonly #holds = new Map<string, Hold>();
  readonly #options: DeliveryOptions;
  readonly #errors: Error[] = [];
  #open = 0;
  #isSettled = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** A message is on its way to a node. */
  announce(holder: Holder): void {
    this.#hold(holder).announced += 1;
    this.#open += 1;
  }

  /** A node has got a message; nobody announces those that a `link in` or a Catch node gets. */
  arrive(holder: Holder): void {
    const hold = this.#hold(holder);
    if (hold.announced > 0) hold.announced -= 1;
    else this.#open += 1;
    hold.active += 1;
  }

  /** A node has finished with one of its messages. */
  finish(id: string): void {
    const hold = this.#holds.get(id);
    if (!hold || hold.active === 0) return;
    hold.active -= 1;
    hold.failed = Math.max(0, hold.failed - 1);
    this.#open -= 1;
    if (hold.active + hold.announced === 0) this.#holds.delete(id);
    this.settleSoon();
  }

  /** A node has reported an error. */
  fail(id: string, error: Error): void {
    this.#errors.push(error);
    const hold = this.#holds.get(id);
    if (!hold) return;
    hold.failed += 1;
    setTimeout(() => {
      if (hold.failed > 0) this.finish(id);
    }, PATIENCE).unref();
  }

  /** A Catch node has got the newest error: Node-RED hands it over as soon as it is reported. */
  caught(): void {
    if (this.#options.errors === 'unhandled') this.#errors.pop();
  }

  /** Who still holds the message, each with the number of copies it works on or waits for. */
  holders(): string[] {
    return [...this.#holds.values()].map(({ label, announced, active }) => {
      const copies = announced + active;
      return copies === 1 ? label : `${label} (${copies} times)`;
    });
  }

  /**
   * Settles at the end of this turn if nobody holds the message then: Node-RED tells that a node has finished before
   * it hands the message to Catch and Complete nodes.
   */
  settleSoon(): void {
    if (this.#open > 0) return;
    queueMicrotask(() => {
      if (this.#open > 0 || this.#isSettled) return;
      this.#isSettled = true;
      this.#options.onSettled(this.#errors[0]);
    });
  }

  #hold({ id, label }: Holder): Hold {
    const known = this.#holds.get(id);
    if (known) {
      known.label = label;
      return known;
    }
    const hold = { label, announced: 0, active: 0, failed: 0 };
    this.#holds.set(id, hold);
    return hold;
  }
}

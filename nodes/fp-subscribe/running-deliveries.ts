import { InterruptedError, settledWithin, TimedOutError, type Delivery } from '../../src/index.ts';

/** Milliseconds that deliveries under way have to settle when the node stops. */
const GRACE = 10_000;
/** Milliseconds after which a delivery that has not settled is worth a word. */
const LONG = 3000;

/** The deliveries of a node that have not settled, and since when. */
export class RunningDeliveries {
  readonly #running = new Map<Delivery, number>();

  /** Resolves or rejects as the delivery settles; after `timeout` milliseconds it is rejected with TimedOutError, with 0 never. */
  async track(delivery: Delivery, timeout: number): Promise<void> {
    const end = () => delivery.abandon(TimedOutError.of('the flow', timeout, delivery.holders()));
    const timer = timeout > 0 ? setTimeout(end, timeout) : undefined;
    this.#running.set(delivery, Date.now());
    try {
      await delivery.settled;
    } finally {
      clearTimeout(timer);
      this.#running.delete(delivery);
    }
  }

  /** How many deliveries have not settled for long, and who holds the first of them; asked for with each message. */
  stuck(): { count: number; holders: string[] } {
    const limit = Date.now() - LONG;
    const [first] = this.#running.keys();
    let count = 0;
    // They stand in the order in which they began.
    for (const since of this.#running.values()) {
      if (since >= limit) break;
      count += 1;
    }
    return { count, holders: count > 0 && first ? first.holders() : [] };
  }

  /** Waits for them; those that do not settle in time have to come again. */
  async stop(): Promise<void> {
    const running = [...this.#running.keys()];
    await settledWithin(GRACE, Promise.allSettled(running.map((delivery) => delivery.settled)));
    for (const delivery of this.#running.keys())
      delivery.abandon(new InterruptedError('the node was stopped'));
  }
}

import {
  InterruptedError,
  settledWithin,
  TimedOutError,
  type BlockedError,
  type Delivery,
} from '../src/index.ts';

/** Milliseconds for open deliveries to settle when the node stops. */
const GRACE = 10_000;
/** Milliseconds after which an unsettled delivery shows in the status. */
const LONG = 3000;

/** Deliveries that have been open for a long time. */
export interface Stuck {
  count: number;
  /** Start of the oldest, in milliseconds since 1970. */
  since: number;
  /** Names of the nodes that hold the oldest. */
  holders: string[];
}

/** The open deliveries of a node, with the time of their start. */
export class RunningDeliveries {
  readonly #running = new Map<Delivery, number>();

  get count(): number {
    return this.#running.size;
  }

  /** Settles as the delivery does. Abandons it after `timeout` milliseconds with a TimedOutError; 0: no timeout. */
  async track(delivery: Delivery, timeout: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const start = () => (timer = timeout > 0 ? setTimeout(end, timeout) : undefined);
    const end = () => {
      if (isWaiting(delivery)) start();
      else delivery.abandon(TimedOutError.of('the flow', timeout, delivery.holders()));
    };
    start();
    this.#running.set(delivery, Date.now());
    try {
      await delivery.settled;
    } finally {
      clearTimeout(timer);
      this.#running.delete(delivery);
    }
  }

  /** Returns the deliveries that have been open for a long time. */
  stuck(): Stuck | undefined {
    const limit = Date.now() - LONG;
    // The map is in the order of their start.
    const [first] = this.#running;
    if (!first || first[1] >= limit) return undefined;
    const times = [...this.#running.values()];
    const end = times.findIndex((since) => since >= limit);
    return { count: end < 0 ? times.length : end, since: first[1], holders: first[0].holders() };
  }

  /** Returns the names of all nodes that hold a delivery. */
  holders(): string[] {
    return [...new Set([...this.#running.keys()].flatMap((delivery) => delivery.holders()))];
  }

  /** Returns why the first blocked delivery waits. */
  blocked(): BlockedError | undefined {
    for (const { blocked } of this.#running.keys()) if (blocked) return blocked;
    return undefined;
  }

  /** Waits for all deliveries. Interrupts those that do not settle in time: their messages are sent again. */
  async stop(): Promise<void> {
    for (const delivery of this.#running.keys()) if (delivery.blocked) interrupt(delivery);
    const running = [...this.#running.keys()];
    await settledWithin(GRACE, Promise.allSettled(running.map((delivery) => delivery.settled)));
    for (const delivery of this.#running.keys()) interrupt(delivery);
  }
}

/** Tells whether the timeout is suspended: a node waits for its store, or for a corrected flow. */
function isWaiting(delivery: Delivery): boolean {
  return delivery.blocked !== undefined || delivery.isHeldByType('fp-enqueue');
}

function interrupt(delivery: Delivery): void {
  delivery.abandon(new InterruptedError('the node was stopped'));
}

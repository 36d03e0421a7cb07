import {
  InterruptedError,
  settledWithin,
  TimedOutError,
  type BlockedError,
  type Delivery,
} from '../src/index.ts';

/** Milliseconds that deliveries under way have to settle when the node stops. */
const GRACE = 10_000;
/** Milliseconds after which an unsettled delivery shows in the status. */
const LONG = 3000;

/** Deliveries that have not settled for long. */
export interface Stuck {
  count: number;
  /** When the first of them began, in milliseconds since 1970. */
  since: number;
  /** Who holds the first. */
  holders: string[];
}

/** The deliveries of a node that have not settled, and since when. */
export class RunningDeliveries {
  readonly #running = new Map<Delivery, number>();

  get count(): number {
    return this.#running.size;
  }

  /** Resolves or rejects as the delivery settles; after `timeout` milliseconds it is rejected with TimedOutError, with 0 never. */
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

  /** Those that began long ago; they stand in the order in which they began. */
  stuck(): Stuck | undefined {
    const limit = Date.now() - LONG;
    const [first] = this.#running;
    if (!first || first[1] >= limit) return undefined;
    const times = [...this.#running.values()];
    const end = times.findIndex((since) => since >= limit);
    return { count: end < 0 ? times.length : end, since: first[1], holders: first[0].holders() };
  }

  /** The names of all who hold one. */
  holders(): string[] {
    return [...new Set([...this.#running.keys()].flatMap((delivery) => delivery.holders()))];
  }

  /** The node that the first waiting delivery waits for. */
  blocked(): BlockedError | undefined {
    for (const { blocked } of this.#running.keys()) if (blocked) return blocked;
    return undefined;
  }

  /** Waits for them; those that do not settle in time have to come again. */
  async stop(): Promise<void> {
    for (const delivery of this.#running.keys()) if (delivery.blocked) interrupt(delivery);
    const running = [...this.#running.keys()];
    await settledWithin(GRACE, Promise.allSettled(running.map((delivery) => delivery.settled)));
    for (const delivery of this.#running.keys()) interrupt(delivery);
  }
}

/** Whether the time-out does not count: a node waits for its store, or for somebody to correct the flow. */
function isWaiting(delivery: Delivery): boolean {
  return delivery.blocked !== undefined || delivery.isHeldByType('fp-enqueue');
}

function interrupt(delivery: Delivery): void {
  delivery.abandon(new InterruptedError('the node was stopped'));
}

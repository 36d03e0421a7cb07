import { randomUUID } from 'node:crypto';
import { DeliveryHolds, type CountedErrors } from './delivery.ts';

/** One message that was put into a flow. */
export interface Delivery {
  readonly id: string;
  /** Fulfilled when every node that got the message has finished; rejected with the first error of one of them. */
  readonly settled: Promise<void>;
  /** The nodes that still hold the message. */
  holders(): string[];
  /** Gives up waiting: `settled` rejects with `reason`, and what nodes still do with the message is not heard. */
  abandon(reason: Error): void;
}

export interface DeliverOptions {
  /** Puts the message into the flow; called with the delivery's id. */
  send: (id: string) => void;
  /** Whose errors reject the delivery. Default: `all` */
  errors?: CountedErrors;
  /** What nodes on the message's way may ask for, see `contextOf`. */
  context?: unknown;
}

interface Entry {
  holds: DeliveryHolds;
  context: unknown;
}

/** The open deliveries, by the id that travels in their messages. */
export class Deliveries {
  readonly #open = new Map<string, Entry>();

  get size(): number {
    return this.#open.size;
  }

  /** Puts a message into a flow and follows it. One that no node gets is settled at once. */
  deliver({ send, errors = 'all', context }: DeliverOptions): Delivery {
    const id = randomUUID();
    const { promise, resolve, reject } = withResolvers();
    // Who delivers hears of it; a sender that has ended by then is no reason to end the process.
    promise.catch(() => undefined);
    const settle = (error?: Error) => {
      if (!this.#open.delete(id)) return;
      if (error) reject(error);
      else resolve();
    };
    const holds = new DeliveryHolds({ errors, onSettled: settle });
    this.#open.set(id, { holds, context });
    send(id);
    holds.settleSoon();
    return { id, settled: promise, holders: () => holds.holders(), abandon: settle };
  }

  holdsOf(id: string): DeliveryHolds | undefined {
    return this.#open.get(id)?.holds;
  }

  contextOf(id: string): unknown {
    return this.#open.get(id)?.context;
  }
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers() {
  let resolve!: () => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<void>((onFulfilled, onRejected) => {
    resolve = onFulfilled;
    reject = onRejected;
  });
  return { promise, resolve, reject };
}

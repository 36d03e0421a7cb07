import { OpenDelivery, type DeliveryOptions } from './delivery.ts';
import type { Holder } from './holder.ts';

/** How many settled deliveries are known by their ids at least, once there were that many; twice as many at most. */
const KNOWN_SETTLED = 10_000;

/** The deliveries that have not settled, by their id. */
export class DeliveryTable<Context = unknown> {
  readonly #open = new Map<unknown, OpenDelivery<Context>>();
  /** The ids of those that settled lately, and of those before them: to take the oldest out of one set, one by one, is slow. */
  #settled = new Set<unknown>();
  #settledBefore = new Set<unknown>();

  /** How many deliveries are open. */
  get size(): number {
    return this.#open.size;
  }

  /** A new delivery of a message that `sender` puts into a flow; it leaves the table when it settles. */
  open(sender: Holder, options: DeliveryOptions<Context> = {}): OpenDelivery<Context> {
    const delivery = new OpenDelivery<Context>(sender, options, (settled) => this.#settle(settled));
    this.#open.set(delivery.id, delivery);
    return delivery;
  }

  /** A delivery of the message of `outer` to another flow, which `sender` waits for; its options are those of `outer`. */
  openWithin(outer: OpenDelivery<Context>, sender: Holder): OpenDelivery<Context> {
    const inner = this.open(sender, outer.options);
    outer.contain(inner);
    return inner;
  }

  /** The open delivery of this id; undefined for anything else, a settled one included. */
  find(id: unknown): OpenDelivery<Context> | undefined {
    return this.#open.get(id);
  }

  /** Whether this is the id of a delivery that has settled lately; one that was abandoned does not count. */
  hasSettled(id: unknown): boolean {
    return this.#settled.has(id) || this.#settledBefore.has(id);
  }

  /** The open deliveries that `holder` has, or is about to get. */
  heldBy(holder: Holder): OpenDelivery[] {
    return [...this.#open.values()].filter((delivery) => delivery.isHeldBy(holder));
  }

  /** Abandons every open delivery of `sender`, each with the error that `reason` makes for it. */
  abandonAll(sender: Holder, reason: (delivery: OpenDelivery) => Error): void {
    for (const delivery of this.#open.values()) {
      if (delivery.sender === sender) delivery.abandon(reason(delivery));
    }
  }

  #settle({ id, wasAbandoned }: OpenDelivery): void {
    this.#open.delete(id);
    if (wasAbandoned) return;
    this.#settled.add(id);
    if (this.#settled.size < KNOWN_SETTLED) return;
    this.#settledBefore = this.#settled;
    this.#settled = new Set();
  }
}

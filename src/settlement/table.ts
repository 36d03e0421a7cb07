import { OpenDelivery, type DeliveryOptions } from './delivery.ts';
import type { Holder } from './holder.ts';

/** Number of settled deliveries whose IDs are remembered at least; twice as many at most. */
const KNOWN_SETTLED = 10_000;

/** The open deliveries by ID. */
export class DeliveryTable<Context = unknown> {
  readonly #open = new Map<unknown, OpenDelivery<Context>>();
  /** IDs of the deliveries that settled last, and before those. (Removing the oldest from one large set is slow.) */
  #settled = new Set<unknown>();
  #settledBefore = new Set<unknown>();

  /** Number of open deliveries. */
  get size(): number {
    return this.#open.size;
  }

  /** Adds a delivery for a message that `sender` puts into a flow; it is removed when it settles. */
  open(sender: Holder, options: DeliveryOptions<Context> = {}): OpenDelivery<Context> {
    const delivery = new OpenDelivery<Context>(sender, options, (settled) => this.#settle(settled));
    this.#open.set(delivery.id, delivery);
    return delivery;
  }

  /** Adds a delivery, with the options of `outer`, for another flow that `sender` sends the message to and waits for. */
  openWithin(outer: OpenDelivery<Context>, sender: Holder): OpenDelivery<Context> {
    const inner = this.open(sender, outer.options);
    outer.contain(inner);
    return inner;
  }

  /** Returns the open delivery with this ID. */
  find(id: unknown): OpenDelivery<Context> | undefined {
    return this.#open.get(id);
  }

  /** Tells whether a delivery with this ID settled recently; abandoned ones do not count. */
  hasSettled(id: unknown): boolean {
    return this.#settled.has(id) || this.#settledBefore.has(id);
  }

  /** Returns the open deliveries that `holder` has, or will get next. */
  heldBy(holder: Holder): OpenDelivery[] {
    return [...this.#open.values()].filter((delivery) => delivery.isHeldBy(holder));
  }

  /** Abandons every open delivery of `sender` with the error that `reason` returns for it. */
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

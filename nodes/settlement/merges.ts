import type { DeliveryTable, OpenDelivery } from '../../src/index.ts';
import type { FlowNode, SendEvent } from './flow-node.ts';

/** The messages of one delivery that a node has just sent. */
interface Sent {
  delivery: OpenDelivery;
  events: SendEvent[];
  /** The delivery that the messages belong to once others were merged into them. */
  joint?: OpenDelivery;
}

/**
 * Finds the deliveries whose messages a node has merged into a message of another one, as join does.
 *
 * Such a node sends the merged message, then calls `done` for each message in it. So if a node calls `done` for a
 * delivery, and has just sent a message of another one that it has not yet completed, this message gets a delivery of
 * its own, which both follow. "Just" means in the same stretch of synchronous code: it ends with the next message that
 * the node receives, and with the next microtask. With Node-RED's setting `runtimeSyncDelivery` the message has arrived
 * by then: nothing follows it.
 */
export class Merges {
  readonly #table: DeliveryTable;
  readonly #property: string;
  readonly #sent = new Map<FlowNode, Sent[]>();
  #handling: FlowNode | undefined;

  /** `property` of a message carries the delivery's id. */
  constructor(table: DeliveryTable, property: string) {
    this.#table = table;
    this.#property = property;
  }

  /** The node's input handler is about to run. */
  received(node: FlowNode): void {
    this.#handling = node;
    this.#sent.delete(node);
  }

  /** The node's input handler has returned. */
  returned(node: FlowNode): void {
    if (this.#handling === node) this.#handling = undefined;
  }

  sent(event: SendEvent, delivery: OpenDelivery): void {
    const { node } = event.source;
    // Async functions may resume in adjacent microtasks; each of their `done` is for its own message only.
    if (node.type === 'function' && this.#handling !== node) return;
    if (this.#sent.size === 0) queueMicrotask(() => this.#sent.clear());
    const all = this.#sent.get(node);
    const same = all?.find((sent) => sent.delivery === delivery);
    if (same) same.events.push(event);
    else if (all) all.push({ delivery, events: [event] });
    else this.#sent.set(node, [{ delivery, events: [event] }]);
  }

  /** The node has called `done` without an error for a message of this delivery. */
  completed(node: FlowNode, delivery: OpenDelivery): void {
    const all = this.#sent.get(node);
    if (!all || all.some((sent) => sent.delivery === delivery)) return;
    const into = all.findLast((sent) => sent.delivery.isHeldBy(node));
    if (into) delivery.follow((into.joint ??= this.#join(into)));
  }

  /** A delivery for messages that are on their way; the one they belonged to follows it. */
  #join({ delivery, events }: Sent): OpenDelivery {
    const joint = this.#table.open(delivery.sender, delivery.options);
    const hold = joint.arrive(delivery.sender);
    for (const { msg, destination } of events) {
      if (delivery.give(destination.node, joint)) msg[this.#property] = joint.id;
    }
    delivery.follow(joint);
    joint.finish(hold);
    return joint;
  }
}

import type { DeliveryTable, OpenDelivery } from '../../src/index.ts';
import type { RuntimeNode, SendEvent } from './runtime-node.ts';

/** Messages of one delivery that a node has just sent. */
interface Sent {
  delivery: OpenDelivery;
  events: SendEvent[];
  /** The delivery of the merged messages. */
  joint?: OpenDelivery;
}

/**
 * Finds deliveries whose messages a node has merged into one message, as join does.
 *
 * Such a node sends the merged message, which has the ID of one of the deliveries, and then calls `done` for each
 * message in it. So if a node calls `done` for a delivery right after it sent a message of another one that it still
 * holds, that message gets a new delivery, and both deliveries follow it. "Right after" means in the same synchronous
 * code, until the node's next message or the next microtask. With Node-RED's setting `runtimeSyncDelivery` the merged
 * message has already arrived, so merging is not detected.
 */
export class Merges {
  readonly #table: DeliveryTable;
  readonly #property: string;
  readonly #sent = new Map<RuntimeNode, Sent[]>();
  #handling: RuntimeNode | undefined;

  /** `property` is the message property with the delivery's ID. */
  constructor(table: DeliveryTable, property: string) {
    this.#table = table;
    this.#property = property;
  }

  /** The node's input handler is about to run. */
  received(node: RuntimeNode): void {
    this.#handling = node;
    this.#sent.delete(node);
  }

  /** The node's input handler has returned. */
  returned(node: RuntimeNode): void {
    if (this.#handling === node) this.#handling = undefined;
  }

  sent(event: SendEvent, delivery: OpenDelivery): void {
    const { node } = event.source;
    // Async functions of different messages may resume in adjacent microtasks, without merging messages.
    if (node.type === 'function' && this.#handling !== node) return;
    if (this.#sent.size === 0) queueMicrotask(() => this.#sent.clear());
    const all = this.#sent.get(node);
    const same = all?.find((sent) => sent.delivery === delivery);
    if (same) same.events.push(event);
    else if (all) all.push({ delivery, events: [event] });
    else this.#sent.set(node, [{ delivery, events: [event] }]);
  }

  /** The node has called `done` without an error for a message of this delivery. */
  completed(node: RuntimeNode, delivery: OpenDelivery): void {
    const all = this.#sent.get(node);
    if (!all || all.some((sent) => sent.delivery === delivery)) return;
    const into = all.findLast((sent) => sent.delivery.isHeldBy(node));
    if (into) delivery.follow((into.joint ??= this.#join(into)));
  }

  /** Moves messages that have not arrived to a new delivery, which their old delivery follows. */
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

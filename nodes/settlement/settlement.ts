/**
 * Lets a node send a message into a flow, and wait until every node that got it has finished.
 *
 * A node whose input handler has three parameters has finished when it calls `done`; an old-style node when its handler
 * returns. Errors count if they are passed to `done` or logged with the message. A new message that a node creates
 * without our property is not followed.
 */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import {
  DeliveryTable,
  InterruptedError,
  type Delivery,
  type DeliveryContext,
  type DeliveryOptions,
  type OpenDelivery,
} from '../../src/index.ts';
import type { RuntimeNode, HooksEngine, RuntimeApi } from './runtime-node.ts';
import { DisabledNodes } from './disabled-nodes.ts';
import { deliveryProperty, Follower } from './follow-messages.ts';
import { whyUnconnected } from './why-unconnected.ts';

export { deliveryProperty };

/** The deliveries of one runtime, and the nodes that use settlement. */
interface Runtime {
  table: DeliveryTable<DeliveryContext>;
  follower: Follower;
  disabled: DisabledNodes;
  users: Set<Settlement>;
}

/** Keyed by the hooks: each node set has its own RED object, but all of a runtime share the hooks. */
const runtimes = new WeakMap<HooksEngine, Runtime>();

/** Opens settlement for `node`. The first node installs the runtime's hooks, the last one to close removes them. */
export function openSettlement(RED: Pick<NodeAPI, 'hooks' | 'events' | 'nodes'>, node: Node): Settlement {
  const api = { hooks: RED.hooks as unknown as HooksEngine, events: RED.events, nodes: RED.nodes };
  const runtimeNode = node as unknown as RuntimeNode;
  const runtime = runtimes.get(api.hooks) ?? startRuntime(api, runtimeNode);
  return new Settlement(runtime, runtimeNode, () => {
    runtime.disabled.stop();
    runtime.follower.stop();
    runtimes.delete(api.hooks);
  });
}

function startRuntime(api: RuntimeApi, node: RuntimeNode): Runtime {
  const table = new DeliveryTable<DeliveryContext>();
  const runtime = {
    table,
    follower: new Follower(api, table, node),
    disabled: new DisabledNodes(api, table, deliveryProperty),
    users: new Set<Settlement>(),
  };
  runtimes.set(api.hooks, runtime);
  return runtime;
}

/** Sends messages of a node into flows and tracks their deliveries. */
export class Settlement {
  readonly #runtime: Runtime;
  readonly #node: RuntimeNode;
  readonly #onUnused: () => void;

  /** Calls `onUnused` when the last node of the runtime has closed it. */
  constructor(runtime: Runtime, node: RuntimeNode, onUnused: () => void) {
    this.#runtime = runtime;
    this.#node = node;
    this.#onUnused = onUnused;
    runtime.users.add(this);
  }

  /**
   * Sends a copy of `msg` with the ID of a new delivery. If `msg` belongs to a delivery already, the calling node holds
   * that one until it calls `done`.
   */
  deliver(
    msg: NodeMessage,
    send: (msg: NodeMessage) => void,
    options?: DeliveryOptions<DeliveryContext>,
  ): Delivery {
    return this.#send(this.#runtime.table.open(this.#node, options), msg, send);
  }

  /**
   * Like `deliver`, for a node that calls `done` when another flow has ended. If the outer delivery times out, the
   * inner one is abandoned, and the error names the nodes that hold the message in the other flow.
   */
  deliverWithin(msg: NodeMessage, send: (msg: NodeMessage) => void): Delivery {
    const { table } = this.#runtime;
    const outer = table.find(msg[deliveryProperty]);
    return this.#send(outer ? table.openWithin(outer, this.#node) : table.open(this.#node), msg, send);
  }

  #send(delivery: OpenDelivery, msg: NodeMessage, send: (msg: NodeMessage) => void): Delivery {
    const tagged = { ...msg, [deliveryProperty]: delivery.id };
    this.#runtime.follower.send(delivery, this.#node, () => send(tagged));
    return delivery;
  }

  /** Returns why no node can get messages from this output, or undefined. */
  whyUnconnected(output: number): string | undefined {
    return whyUnconnected(this.#node, output);
  }

  /**
   * Marks that the calling node cannot take `msg` until the flow is corrected. The node must not call `done` for it.
   * Returns false if `msg` belongs to no delivery, so it would not be sent again.
   */
  block(msg: NodeMessage, reason: string): boolean {
    const delivery = this.#runtime.table.find(msg[deliveryProperty]);
    delivery?.block(this.#node, reason);
    return delivery !== undefined;
  }

  /** Returns the context that the sender set for the delivery of `msg`. */
  contextOf(msg: NodeMessage): DeliveryContext {
    return this.#runtime.table.find(msg[deliveryProperty])?.options.context ?? {};
  }

  /** Calls `listener` if the delivery of `msg` is rejected before the caller has finished with it. */
  onAbandoned(msg: NodeMessage, listener: (reason: Error) => void): void {
    this.#runtime.table.find(msg[deliveryProperty])?.settled.catch(listener);
  }

  /** Abandons the node's open deliveries with an InterruptedError. Call it when the node closes. */
  close(): void {
    const { table, users } = this.#runtime;
    table.abandonAll(this.#node, interrupted);
    if (users.delete(this) && users.size === 0) this.#onUnused();
  }
}

function interrupted(delivery: Delivery): InterruptedError {
  const holders = delivery.holders().join(', ');
  return new InterruptedError(
    `the flow was stopped before it had finished with a message; still held by ${holders}`,
  );
}

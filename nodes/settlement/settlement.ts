/**
 * Settlement for nodes: put a message into a flow, and learn when every node that got it has finished.
 *
 * What Node-RED's hooks show decides what counts. A node with a three-parameter input handler has finished when it
 * calls `done`; an older one when its handler returns. An error belongs to the delivery if it was given to `done` or
 * logged with the message. A message that a node makes afresh, without our property, is not followed.
 */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import {
  DeliveryTable,
  InterruptedError,
  type Delivery,
  type DeliveryOptions,
  type OpenDelivery,
} from '../../src/index.ts';
import { checkNodeRed } from './check-node-red.ts';
import type { FlowNode, HooksEngine, RuntimeApi } from './flow-node.ts';
import { DisabledNodes } from './disabled-nodes.ts';
import { deliveryProperty, Follower } from './follow-messages.ts';
import { whyUnconnected } from './why-unconnected.ts';

export { deliveryProperty };

/** The deliveries of one runtime, and the nodes that have settlement open. */
interface Runtime {
  table: DeliveryTable;
  follower: Follower;
  disabled: DisabledNodes;
  users: Set<Settlement>;
}

/** Each node set has a RED of its own, but all of a runtime have the same hooks: they share one registration. */
const runtimes = new WeakMap<HooksEngine, Runtime>();

/** Opens settlement for `node`; the runtime's hooks are in place while at least one node has it open. */
export function openSettlement(
  RED: Pick<NodeAPI, 'hooks' | 'events' | 'nodes' | 'settings'>,
  node: Node,
): Settlement {
  const api = { hooks: RED.hooks as unknown as HooksEngine, events: RED.events, nodes: RED.nodes };
  const flowNode = node as unknown as FlowNode;
  checkNodeRed(flowNode, String(Object(RED.settings).version));
  const runtime = runtimes.get(api.hooks) ?? startRuntime(api, flowNode);
  return new Settlement(runtime, flowNode, () => {
    runtime.disabled.stop();
    runtime.follower.stop();
    runtimes.delete(api.hooks);
  });
}

function startRuntime(api: RuntimeApi, node: FlowNode): Runtime {
  const table = new DeliveryTable();
  const runtime = {
    table,
    follower: new Follower(api, table, node),
    disabled: new DisabledNodes(api, table, deliveryProperty),
    users: new Set<Settlement>(),
  };
  runtimes.set(api.hooks, runtime);
  return runtime;
}

/** How a node puts messages into flows and hears the end of them. */
export class Settlement {
  readonly #runtime: Runtime;
  readonly #node: FlowNode;
  readonly #onUnused: () => void;

  /** `onUnused` is called when the last of the runtime's nodes has closed it. */
  constructor(runtime: Runtime, node: FlowNode, onUnused: () => void) {
    this.#runtime = runtime;
    this.#node = node;
    this.#onUnused = onUnused;
    runtime.users.add(this);
  }

  /**
   * Sends a copy of `msg` that carries the delivery's id; `msg` itself stays as it is. A copy of a message that
   * belongs to a delivery belongs to the new one: the node that passes it on holds the other until it calls `done`.
   */
  deliver(msg: NodeMessage, send: (msg: NodeMessage) => void, options?: DeliveryOptions): Delivery {
    return this.#send(this.#runtime.table.open(this.#node, options), msg, send);
  }

  /**
   * As `deliver`, for a node that waits with `done` for the end of another flow: an error there is this delivery's, a
   * time-out of the outer one ends it and names who holds the message inside.
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

  /** Why no node can get what the caller sends by this output, if that is so. */
  whyUnconnected(output: number): string | undefined {
    return whyUnconnected(this.#node, output);
  }

  /**
   * The calling node cannot take `msg`, and never calls `done` for it: it waits until somebody corrects the flow. Returns
   * false if `msg` belongs to no delivery, so nobody would send it again.
   */
  block(msg: NodeMessage, reason: string): boolean {
    const delivery = this.#runtime.table.find(msg[deliveryProperty]);
    delivery?.block(this.#node, reason);
    return delivery !== undefined;
  }

  /** What the sender gave along with the message that `msg` belongs to. */
  contextOf(msg: NodeMessage): unknown {
    return this.#runtime.table.find(msg[deliveryProperty])?.options.context;
  }

  /** Calls `listener` if the delivery of `msg` ends before the caller has finished with it: nobody waits any more. */
  onAbandoned(msg: NodeMessage, listener: (reason: Error) => void): void {
    this.#runtime.table.find(msg[deliveryProperty])?.settled.catch(listener);
  }

  /** Abandons what is still open, with an InterruptedError; to be called when the node closes. */
  close(): void {
    const { table, users } = this.#runtime;
    table.abandonAll(this.#node, interrupted);
    if (users.delete(this) && users.size === 0) this.#onUnused();
  }
}

function interrupted(delivery: Delivery): InterruptedError {
  const holders = delivery.holders().join(', ');
  return new InterruptedError(
    `The flow was stopped before it had finished with a message, held by ${holders}`,
  );
}

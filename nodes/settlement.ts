import type { Node, NodeAPI, NodeMessage } from 'node-red';
import {
  Deliveries,
  type CountedErrors,
  type Delivery,
  type DeliveryHolds,
  type Holder,
} from '../src/index.ts';

/** The property of a message that carries its delivery's id; a string survives Node-RED's cloning. */
export const DELIVERY = '_fpDelivery';

/** Our hooks' label in Node-RED's hook table (https://nodered.org/docs/api/hooks/messaging/). */
const LABEL = 'flowerpower-settlement';

/** A message as the hooks see it: with our property, if it belongs to a delivery. */
type Tagged = { [DELIVERY]?: string } | undefined;

/** A node's way to put messages into the flow and to learn how they end. */
export interface Settlement {
  deliver(msg: NodeMessage, options: DeliverMessageOptions): Delivery;
  /** What the sender gave along with the message that `msg` belongs to. */
  contextOf(msg: object): unknown;
  /** Ends this node's use; the hooks are removed with the last one. */
  close(): void;
}

export interface DeliverMessageOptions {
  /** Sends the message, which carries its delivery's id now. */
  send: (tagged: NodeMessage) => void;
  errors?: CountedErrors;
  context?: unknown;
}

interface Following {
  deliveries: Deliveries;
  users: number;
}

/** One table for each Node-RED runtime of this process: all our nodes there follow the same messages. */
const followed = new WeakMap<object, Following>();

/** Follows messages from now on, until `close`. */
export function openSettlement(RED: NodeAPI): Settlement {
  const { hooks } = RED;
  const following = followed.get(hooks) ?? { deliveries: new Deliveries(), users: 0 };
  followed.set(hooks, following);
  const { deliveries } = following;
  following.users += 1;
  if (following.users === 1) addHooks(RED, deliveries);
  return {
    deliver: (msg, { send, ...options }) =>
      deliveries.deliver({ ...options, send: (id) => send({ ...msg, [DELIVERY]: id }) }),
    contextOf: (msg) => deliveries.contextOf((msg as Tagged)?.[DELIVERY] ?? ''),
    close() {
      following.users -= 1;
      if (following.users === 0) hooks.remove(`*.${LABEL}`);
    },
  };
}

interface SendEvent {
  msg: Tagged;
  source: { node: RuntimeNode };
  destination: { id: string };
}

interface ReceiveEvent {
  msg: Tagged;
  destination: { id: string; node: RuntimeNode };
}

interface CompleteEvent {
  msg: Tagged;
  node: { id: string; node: RuntimeNode };
}

/** What we need of Node-RED's own node objects beyond their public face. */
interface RuntimeNode extends Pick<Node, 'id' | 'name' | 'type' | 'error'> {
  _flow?: { getNode(id: string): RuntimeNode | null };
  /** How many of the node's input handlers take three parameters, and so tell when they have finished. */
  _expectedDoneCount?: number;
}

/** A message without our property costs one property read in each hook. */
function addHooks(RED: NodeAPI, deliveries: Deliveries): void {
  const holdsOf = (msg: Tagged): DeliveryHolds | undefined => {
    const id = msg?.[DELIVERY];
    return id === undefined ? undefined : deliveries.holdsOf(id);
  };
  const add = <E>(hook: string, listener: (event: E) => void) =>
    // The types of @types/node-red lack some fields of the events.
    RED.hooks.add(`${hook}.${LABEL}` as 'onSend', listener as never);

  add('onSend', (events: SendEvent[]) => {
    for (const { msg, source, destination } of events) {
      const holds = holdsOf(msg);
      // Node-RED drops what is wired to a node that is disabled or missing: the same look-up as its router makes.
      const receiver = holds && source.node._flow?.getNode(destination.id);
      if (receiver) holds.announce(holder(receiver));
    }
  });
  add('onReceive', ({ msg, destination }: ReceiveEvent) => {
    const holds = holdsOf(msg);
    if (!holds) return;
    holds.arrive(holder(destination.node));
    hearErrors(destination.node);
    if (destination.node.type === 'catch') holds.caught();
  });
  add('postReceive', ({ msg, destination }: ReceiveEvent) => {
    // A node of the old kind never says that it has finished: it has when its handler returns.
    if (!destination.node._expectedDoneCount) holdsOf(msg)?.finish(destination.id);
  });
  add('onComplete', ({ msg, node }: CompleteEvent) => holdsOf(msg)?.finish(node.id));

  const heard = new WeakSet<RuntimeNode>();
  /** No hook tells of `node.error(error, msg)`, through which every error goes, those given to `done` as well. */
  const hearErrors = (node: RuntimeNode) => {
    if (heard.has(node)) return;
    heard.add(node);
    const report = node.error;
    node.error = (error: unknown, msg?: object) => {
      holdsOf(msg)?.fail(node.id, reportedError(error));
      report.call(node, error, msg as never);
    };
  };
}

function holder(node: RuntimeNode): Holder {
  return { id: node.id, label: node.name || node.type };
}

/** Nodes report errors of any type. */
function reportedError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

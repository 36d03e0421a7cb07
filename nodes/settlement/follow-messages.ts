/** Tells the table of deliveries what Node-RED's messaging hooks show (https://nodered.org/docs/api/hooks/messaging/). */
import {
  InterruptedError,
  nameOf,
  type DeliveryTable,
  type Holder,
  type OpenDelivery,
} from '../../src/index.ts';
import { ClosedNodes } from './closed-nodes.ts';
import {
  isRunning,
  type CompleteEvent,
  type FlowNode,
  type Message,
  type ReceiveEvent,
  type RuntimeApi,
  type SendEvent,
} from './flow-node.ts';
import { LateSenders } from './late-senders.ts';
import { Merges } from './merges.ts';
import { OneATurn } from './one-a-turn.ts';
import { Receipts, type Receipt } from './receipts.ts';
import { onReportedError } from './reported-errors.ts';

/** The message property that carries a delivery's id through a flow; it means nothing outside this runtime. */
export const deliveryProperty = '_fpDelivery';

/** Milliseconds that a node which was closed has to finish with what it holds; some never do. */
const GRACE = 10_000;

/** What a node is told that sends a message whose delivery has settled. */
const TOO_LATE =
  'sends after it completed: later nodes are not waited for. In a function, call node.done() after the last node.send(), and ' +
  'end with no return value. Keep other nodes that send later behind fp-worker or away from messages that must not be lost.';

/** Every message of the runtime passes here: one of no delivery must cost next to nothing. */
export class Follower {
  readonly #table: DeliveryTable;
  readonly #receipts = new Receipts();
  readonly #merges: Merges;
  readonly #late = new LateSenders((receipt) => this.#finish(receipt));
  readonly #warned = new WeakSet<FlowNode>();
  readonly #switches = new OneATurn();
  readonly #closed: ClosedNodes;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopHearing: () => void;

  /** Follows the messages of a runtime, one of whose nodes is `node`, that belong to a delivery in `table`. */
  constructor({ hooks, events }: RuntimeApi, table: DeliveryTable, node: FlowNode) {
    this.#table = table;
    this.#merges = new Merges(table, deliveryProperty);
    this.#closed = new ClosedNodes(node, events, (...closed) => this.#limit(...closed));
    hooks.add('preDeliver.flowerpower', (event: SendEvent) => this.#sent(event));
    hooks.add('onReceive.flowerpower', (event: ReceiveEvent) => this.#received(event));
    hooks.add('onComplete.flowerpower', (event: CompleteEvent) => this.#completed(event));
    hooks.add('postReceive.flowerpower', (event: ReceiveEvent) => this.#returned(event));
    const stopHearing = onReportedError(node, (...report) => this.#reported(...report));
    this.#stopHearing = () => {
      hooks.remove('*.flowerpower');
      stopHearing();
    };
  }

  stop(): void {
    this.#stopHearing();
    this.#closed.stop();
    this.#late.stop();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** The sender of a delivery holds it while it sends: so a delivery that nobody gets is settled, too. */
  send(delivery: OpenDelivery, sender: FlowNode, send: () => void): void {
    const receipt = this.#arrive(delivery, sender);
    try {
      send();
    } catch (error) {
      delivery.fail(sender, error);
    }
    this.#finish(receipt);
  }

  /** Only now is it certain that the destination exists and the message can be cloned for it; false stops it. */
  #sent(event: SendEvent): false | undefined {
    const id = event.msg[deliveryProperty];
    if (id === undefined) return undefined;
    const delivery = this.#table.find(id);
    const { source, destination } = event;
    if (!delivery) return this.#warnIfTooLate(source.node, id);
    if (!isRunning(destination.node)) {
      interruptBehind(delivery, source.node);
      return false;
    }
    delivery.expect(destination.node);
    this.#merges.sent(event, delivery);
    this.#late.sent(source.node, delivery);
    return undefined;
  }

  #warnIfTooLate(node: FlowNode, id: unknown): undefined {
    if (!this.#table.hasSettled(id)) return;
    this.#late.sentTooLate(node);
    if (this.#warned.has(node)) return;
    this.#warned.add(node);
    node.warn(TOO_LATE);
  }

  /** Returns false where the node may not get the message. */
  #received({ msg, destination: { node } }: ReceiveEvent): void | false {
    const id = msg?.[deliveryProperty];
    if (id === undefined) return;
    const delivery = this.#table.find(id);
    if (!delivery) return;
    if (this.#closed.has(node)) return interrupt(delivery, node);
    const receipt = this.#arrive(delivery, node);
    const reason = whyBroken(node);
    if (reason !== undefined) {
      delivery.block(node, reason);
      return false;
    }
    this.#receipts.add(msg, receipt);
    this.#merges.received(node);
    this.#late.received(node);
    if (node.type === 'catch') delivery.caught();
  }

  #completed({ msg, node: { node }, error }: CompleteEvent): void {
    const receipt = this.#receipts.take(msg, node);
    if (!receipt) return;
    const { delivery } = receipt.hold;
    // A node that is closed calls `done` for what it has kept, or gives up what it was doing.
    if (this.#closed.isClosing(node) || (error && this.#closed.has(node))) return interrupt(delivery, node);
    if (error) delivery.fail(node, error);
    else this.#merges.completed(node, delivery);
    if (error || !this.#late.keeps(node, msg, receipt)) this.#finish(receipt);
  }

  /** The input handler has returned: all that is ever heard of a node that does not complete. */
  #returned({ msg, destination: { node } }: ReceiveEvent): void {
    this.#merges.returned(node);
    const receipt = node._expectedDoneCount === 0 ? this.#receipts.take(msg, node) : undefined;
    const isKept = receipt !== undefined && this.#late.keeps(node, msg, receipt);
    this.#late.returned();
    if (node._expectedDoneCount !== 0 || isKept) return;
    const finish = () => receipt && this.#finish(receipt);
    // The switch node puts what it gets, also of no delivery, into a queue and takes one message in each turn.
    if (node.type === 'switch') this.#switches.add(node, finish);
    else finish();
  }

  /** An error that a node logs with a message is the node's last word on it: some never call `done` then. */
  #reported(node: FlowNode, error: unknown, msg: Message): void {
    const receipt = this.#receipts.take(msg, node);
    const delivery = receipt?.hold.delivery ?? this.#table.find(msg[deliveryProperty]);
    if (!delivery) return;
    if (this.#closed.has(node)) return interrupt(delivery, node);
    delivery.fail(node, error);
    this.#late.failed(node, delivery);
    if (receipt) this.#finish(receipt);
    // Some nodes report with a clone they kept, as link call does when it times out.
    else if (!this.#receipts.has(msg)) delivery.finishAny(node);
  }

  #arrive(delivery: OpenDelivery, node: FlowNode): Receipt {
    return { hold: delivery.arrive(node), since: this.#closed.now(node) };
  }

  #finish({ hold, since }: Receipt): void {
    if (this.#closed.mayHaveLost(hold.holder as FlowNode, since)) interruptBehind(hold.delivery, hold.holder);
    else hold.delivery.finish(hold);
  }

  /** A node that was closed has a while to finish with what it holds, if it can finish. */
  #limit(node: FlowNode, canFinish: boolean): void {
    const held = this.#table.heldBy(node);
    const isLost = (delivery: OpenDelivery) => !canFinish || delivery.isBlockedBy(node);
    for (const delivery of held) if (isLost(delivery)) interrupt(delivery, node);
    if (held.every(isLost)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      for (const delivery of held) if (delivery.isHeldBy(node)) interrupt(delivery, node);
    }, GRACE);
    this.#timers.add(timer);
  }
}

/** Why a node takes no messages, if it takes none; Node-RED takes the handlers of a closed node away. */
function whyBroken(node: FlowNode): string | undefined {
  if (node.mistake !== undefined) return node.mistake;
  return node._inputCallback || node._inputCallbacks ? undefined : 'it did not start, see its own message';
}

function interrupt(delivery: OpenDelivery, node: FlowNode): void {
  delivery.abandon(new InterruptedError(`${nameOf(node)} was stopped while it had the message`));
}

function interruptBehind(delivery: OpenDelivery, sender: Holder): void {
  delivery.abandon(
    new InterruptedError(`a node behind ${nameOf(sender)} was stopped before it had the message`),
  );
}

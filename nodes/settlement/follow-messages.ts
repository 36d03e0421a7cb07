/** Updates the table of deliveries from Node-RED's messaging hooks (https://nodered.org/docs/api/hooks/messaging/). */
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
  type RuntimeNode,
  type Message,
  type ReceiveEvent,
  type RuntimeApi,
  type SendEvent,
} from './runtime-node.ts';
import { LateSenders } from './late-senders.ts';
import { Merges } from './merges.ts';
import { OneATurn } from './one-a-turn.ts';
import { Receipts, type Receipt } from './receipts.ts';
import { onReportedError } from './reported-errors.ts';

/** Message property with the delivery's ID; the ID is only valid in this runtime. */
export const deliveryProperty = '_fpDelivery';

/** Milliseconds for a closed node to finish its messages; some nodes never do. */
const GRACE = 10_000;

/** Warning for a node that sends a message whose delivery has settled. */
const TOO_LATE =
  'sends after it completed: later nodes are not waited for. In a function, call node.done() after the last node.send(), and ' +
  'end with no return value. Keep other nodes that send later behind fp-worker or away from messages that must not be lost.';

/**
 * Follows messages through the hooks. They run for every message, so messages without a delivery must cost almost
 * nothing.
 */
export class Follower {
  readonly #table: DeliveryTable;
  readonly #receipts = new Receipts();
  readonly #merges: Merges;
  readonly #late = new LateSenders((receipt) => this.#finish(receipt));
  readonly #warned = new WeakSet<RuntimeNode>();
  readonly #switches = new OneATurn();
  readonly #closed: ClosedNodes;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopListening: () => void;

  /** Follows the messages of the deliveries in `table`. `node` is any node of the runtime. */
  constructor({ hooks, events }: RuntimeApi, table: DeliveryTable, node: RuntimeNode) {
    this.#table = table;
    this.#merges = new Merges(table, deliveryProperty);
    this.#closed = new ClosedNodes(node, events, (...closed) => this.#limit(...closed));
    hooks.add('preDeliver.flowerpower', (event: SendEvent) => this.#sent(event));
    hooks.add('onReceive.flowerpower', (event: ReceiveEvent) => this.#received(event));
    hooks.add('onComplete.flowerpower', (event: CompleteEvent) => this.#completed(event));
    hooks.add('postReceive.flowerpower', (event: ReceiveEvent) => this.#returned(event));
    const stopListening = onReportedError(node, (...report) => this.#reported(...report));
    this.#stopListening = () => {
      hooks.remove('*.flowerpower');
      stopListening();
    };
  }

  stop(): void {
    this.#stopListening();
    this.#closed.stop();
    this.#late.stop();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Sends a message. The sender holds the delivery meanwhile, so that it also settles if no node gets the message. */
  send(delivery: OpenDelivery, sender: RuntimeNode, send: () => void): void {
    const receipt = this.#arrive(delivery, sender);
    try {
      send();
    } catch (error) {
      delivery.fail(sender, error);
    }
    this.#finish(receipt);
  }

  /**
   * Handles preDeliver, when the destination exists and the message has been cloned. Returns false to stop the message.
   */
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

  #warnIfTooLate(node: RuntimeNode, id: unknown): undefined {
    if (!this.#table.hasSettled(id)) return;
    this.#late.sentTooLate(node);
    if (this.#warned.has(node)) return;
    this.#warned.add(node);
    node.warn(TOO_LATE);
  }

  /** Returns false if the node must not get the message. */
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
    // While it closes, a node may call `done` for messages that it drops, and afterwards with an error for aborted work.
    if (this.#closed.isClosing(node) || (error && this.#closed.has(node))) return interrupt(delivery, node);
    if (error) delivery.fail(node, error);
    else this.#merges.completed(node, delivery);
    if (error || !this.#late.keeps(node, msg, receipt)) this.#finish(receipt);
  }

  /** Handles the end of the input handler, the only signal from a node that never calls `done`. */
  #returned({ msg, destination: { node } }: ReceiveEvent): void {
    this.#merges.returned(node);
    const receipt = node._expectedDoneCount === 0 ? this.#receipts.take(msg, node) : undefined;
    const isKept = receipt !== undefined && this.#late.keeps(node, msg, receipt);
    this.#late.returned();
    if (node._expectedDoneCount !== 0 || isKept) return;
    const finish = () => receipt && this.#finish(receipt);
    // The switch node queues all its messages, also those without a delivery, and handles one per turn.
    if (node.type === 'switch') this.#switches.add(node, finish);
    else finish();
  }

  /** Handles an error logged with a message. It ends the hold, because some nodes never call `done` after it. */
  #reported(node: RuntimeNode, error: unknown, msg: Message): void {
    const receipt = this.#receipts.take(msg, node);
    const delivery = receipt?.hold.delivery ?? this.#table.find(msg[deliveryProperty]);
    if (!delivery) return;
    if (this.#closed.has(node)) return interrupt(delivery, node);
    delivery.fail(node, error);
    this.#late.failed(node, delivery);
    if (receipt) this.#finish(receipt);
    // Some nodes report with a clone of the message, for instance link call after a timeout.
    else if (!this.#receipts.has(msg)) delivery.finishAny(node);
  }

  #arrive(delivery: OpenDelivery, node: RuntimeNode): Receipt {
    return { hold: delivery.arrive(node), since: this.#closed.now(node) };
  }

  #finish({ hold, since }: Receipt): void {
    if (this.#closed.mayHaveLost(hold.holder as RuntimeNode, since))
      interruptBehind(hold.delivery, hold.holder);
    else hold.delivery.finish(hold);
  }

  /** Gives a closed node some time to finish its messages, if it can. */
  #limit(node: RuntimeNode, canFinish: boolean): void {
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

/** Returns why a node takes no messages, or undefined. Node-RED removes the handlers of a closed node. */
function whyBroken(node: RuntimeNode): string | undefined {
  if (node.mistake !== undefined) return node.mistake;
  return node._inputCallback || node._inputCallbacks ? undefined : 'it did not start, see its error';
}

function interrupt(delivery: OpenDelivery, node: RuntimeNode): void {
  delivery.abandon(new InterruptedError(`${nameOf(node)} was stopped while it had the message`));
}

function interruptBehind(delivery: OpenDelivery, sender: Holder): void {
  delivery.abandon(
    new InterruptedError(`a node behind ${nameOf(sender)} was stopped before it had the message`),
  );
}

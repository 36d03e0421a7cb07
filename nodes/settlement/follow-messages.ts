/** Tells the table of deliveries what Node-RED's messaging hooks show (https://nodered.org/docs/api/hooks/messaging/). */
import type { DeliveryTable } from '../../src/index.ts';
import type { CompleteEvent, FlowNode, HooksEngine, Message, ReceiveEvent, SendEvent } from './flow-node.ts';
import { OneATurn } from './one-a-turn.ts';
import { Receipts } from './receipts.ts';
import { onReportedError } from './reported-errors.ts';

/** The message property that carries a delivery's id through a flow; it means nothing outside this runtime. */
export const deliveryProperty = '_fpDelivery';

/** Follows the messages of a runtime that belong to a delivery in `table`, until the function returned is called. */
export function followMessages(hooks: HooksEngine, table: DeliveryTable, node: FlowNode): () => void {
  const follower = new Follower(table);
  hooks.add('preDeliver.flowerpower', (event: SendEvent) => follower.sent(event));
  hooks.add('onReceive.flowerpower', (event: ReceiveEvent) => follower.received(event));
  hooks.add('onComplete.flowerpower', (event: CompleteEvent) => follower.completed(event));
  hooks.add('postReceive.flowerpower', (event: ReceiveEvent) => follower.returned(event));
  const stopListening = onReportedError(node, (reporter, error, msg) =>
    follower.reported(reporter, error, msg),
  );
  return () => {
    hooks.remove('*.flowerpower');
    stopListening();
  };
}

/** Every message of the runtime passes here: one of no delivery must cost next to nothing. */
class Follower {
  readonly #table: DeliveryTable;
  readonly #receipts = new Receipts();
  readonly #switches = new OneATurn();

  constructor(table: DeliveryTable) {
    this.#table = table;
  }

  /** Only now is it certain that the destination exists and the message can be cloned for it. */
  sent({ msg, destination }: SendEvent): void {
    const id = msg[deliveryProperty];
    if (id !== undefined) this.#table.find(id)?.expect(destination.node);
  }

  received({ msg, destination: { node } }: ReceiveEvent): void {
    const id = msg?.[deliveryProperty];
    if (id === undefined) return;
    const delivery = this.#table.find(id);
    if (!delivery) return;
    this.#receipts.add(msg, delivery.arrive(node));
    if (node.type === 'catch') delivery.caught();
  }

  completed({ msg, node: { node }, error }: CompleteEvent): void {
    const hold = this.#receipts.take(msg, node);
    if (!hold) return;
    if (error) hold.delivery.fail(node, error);
    hold.delivery.finish(hold);
  }

  /** The input handler has returned: all that is ever heard of a node that does not complete. */
  returned({ msg, destination: { node } }: ReceiveEvent): void {
    if (node._expectedDoneCount !== 0) return;
    const hold = this.#receipts.take(msg, node);
    const finish = () => hold?.delivery.finish(hold);
    // The switch node puts what it gets into a queue and takes one message in each turn of the event loop.
    if (node.type === 'switch') this.#switches.add(node, finish);
    else finish();
  }

  /** An error that a node logs with a message is the node's last word on it: some never call `done` then. */
  reported(node: FlowNode, error: unknown, msg: Message): void {
    const hold = this.#receipts.take(msg, node);
    const delivery = hold?.delivery ?? this.#table.find(msg[deliveryProperty]);
    if (!delivery) return;
    delivery.fail(node, error);
    if (hold) delivery.finish(hold);
    // Some nodes report with a clone they kept, as link call does when it times out.
    else if (!this.#receipts.has(msg)) delivery.finishAny(node);
  }
}

/** Pipelines made of Node-RED nodes: a `link in` node gives the name, a `link out` node in return mode the answer. */
import { randomUUID } from 'node:crypto';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { GiveUpError } from '../../src/index.ts';
import { deliveryProperty, type Settlement } from '../settlement/settlement.ts';

/** A message on its way through calls: each `link out` in return mode takes the last entry and answers that node. */
type CalledMessage = NodeMessage & { _linkSource?: CallerEntry[] | undefined };

interface CallerEntry {
  id: string;
  node: string;
}

const WAY = [deliveryProperty, '_linkSource'];

/** The `link in` nodes that have a name and run on a tab, not in a subflow. */
export function listSubroutines(RED: NodeAPI): Node[] {
  const found: Node[] = [];
  RED.nodes.eachNode(({ id, type, name }: NodeDef) => {
    // A disabled one is not running, and neither is one in a subflow's template.
    const node = type === 'link in' && name ? RED.nodes.getNode(id) : null;
    if (node) found.push(node);
  });
  return found;
}

/** The calls that one node has made and not heard the end of. */
export class Calls {
  readonly #settlement: Settlement;
  readonly #caller: Node;
  readonly #answers = new Map<string, NodeMessage[]>();

  constructor(caller: Node, settlement: Settlement) {
    this.#caller = caller;
    this.#settlement = settlement;
    // What a `link out` node in return mode looks for, as in Node-RED's own `link call`.
    Object.assign(caller, { returnLinkMessage: (id: string, msg: NodeMessage) => this.#returned(id, msg) });
  }

  /**
   * Sends a message to a `link in` node, waits until every node that got it has finished, and gives the answers.
   *
   * @throws NodeError with the first error of a node in there, the reason of `signal`, or GiveUpError if nothing answered
   */
  async call(target: Node, msg: CalledMessage, signal: AbortSignal): Promise<NodeMessage[]> {
    const entry = { id: randomUUID(), node: this.#caller.id };
    const answers: NodeMessage[] = [];
    this.#answers.set(entry.id, answers);
    const called: CalledMessage = { ...msg, _linkSource: [...(msg._linkSource ?? []), entry] };
    const delivery = this.#settlement.deliverWithin(called, (sent) => target.receive(sent));
    const abandon = () => delivery.abandon(signal.reason as Error);
    signal.addEventListener('abort', abandon, { once: true });
    try {
      await delivery.settled;
    } finally {
      signal.removeEventListener('abort', abandon);
      this.#answers.delete(entry.id);
    }
    if (answers.length === 0) throw noAnswer(target);
    return answers.map((answer) => asSentBy(msg, answer));
  }

  /** An answer to a call that nobody waits for any more is dropped. */
  #returned(id: string, msg: NodeMessage): void {
    this.#answers.get(id)?.push(msg);
  }
}

/** An answer goes on as the caller's own message: it belongs to the caller's delivery, and to the calls it came in by. */
function asSentBy(caller: CalledMessage, answer: NodeMessage): NodeMessage {
  const content = Object.entries(answer).filter(([name]) => !WAY.includes(name));
  const way = Object.entries(caller).filter(([name]) => WAY.includes(name));
  return Object.fromEntries([...content, ...way]);
}

function noAnswer({ name }: Node): GiveUpError {
  return new GiveUpError(
    `${name} ended without an answer: let its flow end with a link out node that returns to the calling node`,
  );
}

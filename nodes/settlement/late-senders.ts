import type { OpenDelivery } from '../../src/index.ts';
import type { FlowNode, Message } from './flow-node.ts';
import { lateKind, type LateKind } from './late-kinds.ts';
import type { Receipt } from './receipts.ts';

/** Milliseconds that a node of unknown habits is waited for. */
const PATIENCE = 10_000;
/** Milliseconds between two looks at a node that tells whether it keeps a message. */
const LOOK = 1000;

/** A receipt of a node that has reported completion, or returned, and may still send. */
interface Kept {
  receipt: Receipt;
  kind: LateKind | undefined;
  /** Messages of one key replace each other in the node. */
  key: unknown;
  msg: Message;
  timer: NodeJS.Timeout;
}

/**
 * Waits for nodes that send after they seem to have finished with a message.
 *
 * Of some nodes of Node-RED it is known, see late-kinds.ts. A node of the old kind, with one parameter in its handler, is
 * waited for if its outputs are wired and its handler neither sent nor failed: until it does, or for ten seconds. A node
 * that lets this time pass drops messages, and is not waited for again; nor are others of its type, until one is seen to
 * send late.
 */
export class LateSenders {
  readonly #finish: (receipt: Receipt) => void;
  readonly #kept = new Map<FlowNode, Set<Kept>>();
  readonly #dropping = new WeakSet<FlowNode>();
  readonly #types = new Map<string, 'drops' | 'late'>();
  #handling: FlowNode | undefined;
  #hasSent = false;

  /** `finish` ends the hold of a receipt. */
  constructor(finish: (receipt: Receipt) => void) {
    this.#finish = finish;
  }

  stop(): void {
    for (const all of this.#kept.values()) for (const { timer } of all) clearTimeout(timer);
    this.#kept.clear();
  }

  /** The node's input handler is about to run. */
  received(node: FlowNode): void {
    this.#handling = node;
    this.#hasSent = false;
  }

  /** The input handler has returned. */
  returned(): void {
    this.#handling = undefined;
  }

  /** The node has sent a message of this delivery, which is now expected at its destination. */
  sent(node: FlowNode, delivery: OpenDelivery): void {
    if (node === this.#handling) this.#hasSent = true;
    const all = this.#kept.get(node);
    const own = all && [...all].find(({ receipt }) => receipt.hold.delivery === delivery);
    if (!own) return;
    for (const kept of all) if (kept.key === own.key) this.#sentInPlaceOf(kept, delivery);
  }

  /** A node has sent a message of a delivery that has settled already. */
  sentTooLate(node: FlowNode): void {
    if (isOldStyle(node)) this.#types.set(node.type, 'late');
  }

  /** The node has reported an error with a message of this delivery. */
  failed(node: FlowNode, delivery: OpenDelivery): void {
    if (node === this.#handling) this.#hasSent = true;
    for (const kept of this.#kept.get(node) ?? []) {
      if (kept.receipt.hold.delivery === delivery) this.#end(node, kept);
    }
  }

  /** Whether the node may still send what it has finished with; it is finished when it does. */
  keeps(node: FlowNode, msg: Message, receipt: Receipt): boolean {
    const kind = lateKind(node);
    if (kind ? !kind.keeps(node, msg) : !this.#mayBeLate(node)) return false;
    const kept: Kept = {
      receipt,
      kind,
      key: kind?.key?.(node, msg) ?? receipt,
      msg,
      timer: setTimeout(() => this.#look(node, kept, Date.now() + (kind?.patience ?? PATIENCE)), LOOK),
    };
    const all = this.#kept.get(node);
    if (all) all.add(kept);
    else this.#kept.set(node, new Set([kept]));
    return true;
  }

  #mayBeLate(node: FlowNode): boolean {
    if (!isOldStyle(node) || this.#dropping.has(node) || this.#types.get(node.type) === 'drops') return false;
    return !(node === this.#handling && this.#hasSent) && (node.wires ?? []).flat().length > 0;
  }

  #look(node: FlowNode, kept: Kept, until: number): void {
    const isKept = kept.kind?.isKept?.(node, kept.msg) ?? true;
    if (isKept && Date.now() < until) {
      kept.timer = setTimeout(() => this.#look(node, kept, until), LOOK);
      return;
    }
    if (!kept.kind) {
      this.#dropping.add(node);
      if (!this.#types.has(node.type)) this.#types.set(node.type, 'drops');
    }
    this.#end(node, kept);
  }

  #sentInPlaceOf(kept: Kept, delivery: OpenDelivery): void {
    const { hold } = kept.receipt;
    const node = hold.holder as FlowNode;
    if (!kept.kind) this.#types.set(node.type, 'late');
    if (hold.delivery !== delivery) hold.delivery.follow(delivery);
    // A node that tells what it keeps may send more than once.
    const endIfSent = () => kept.kind?.isKept?.(node, kept.msg) || this.#end(node, kept);
    setImmediate(endIfSent);
  }

  #end(node: FlowNode, kept: Kept): void {
    const all = this.#kept.get(node);
    if (!all?.delete(kept)) return;
    if (all.size === 0) this.#kept.delete(node);
    clearTimeout(kept.timer);
    this.#finish(kept.receipt);
  }
}

/** Nodes of Node-RED without `done` that send at once or not at all. */
const PROMPT = /^(junction|rbe|switch|subflow(:.*)?)$/;

function isOldStyle({ type, _expectedDoneCount }: FlowNode): boolean {
  return _expectedDoneCount === 0 && !PROMPT.test(type);
}

import type { OpenDelivery } from '../../src/index.ts';
import type { RuntimeNode, Message } from './runtime-node.ts';
import { lateKind, type LateKind } from './late-kinds.ts';
import type { Receipt } from './receipts.ts';

/** Milliseconds to wait for an unknown type of node. */
const PATIENCE = 10_000;
/** Milliseconds between two checks of a node. */
const CHECK_INTERVAL = 1000;

/** A message that a node has completed, but may still send. */
interface Kept {
  receipt: Receipt;
  kind: LateKind | undefined;
  /** Messages with the same key replace each other in the node. */
  key: unknown;
  msg: Message;
  timer: NodeJS.Timeout;
}

/**
 * Waits for nodes that send a message after they seem to have finished with it.
 *
 * The known types are in late-kinds.ts. Old-style nodes, whose handler has one parameter, may send late if an output is
 * wired and the handler neither sent nor failed. They get ten seconds. A node that sends nothing in that time drops
 * messages: from then on, neither it nor other nodes of its type are waited for, until one of the type sends late.
 */
export class LateSenders {
  readonly #finish: (receipt: Receipt) => void;
  readonly #kept = new Map<RuntimeNode, Set<Kept>>();
  readonly #dropping = new WeakSet<RuntimeNode>();
  readonly #types = new Map<string, 'drops' | 'late'>();
  #handling: RuntimeNode | undefined;
  #hasSent = false;

  /** Calls `finish` when the node has sent the message, or when the wait ends. */
  constructor(finish: (receipt: Receipt) => void) {
    this.#finish = finish;
  }

  stop(): void {
    for (const all of this.#kept.values()) for (const { timer } of all) clearTimeout(timer);
    this.#kept.clear();
  }

  /** The node's input handler is about to run. */
  received(node: RuntimeNode): void {
    this.#handling = node;
    this.#hasSent = false;
  }

  /** The input handler has returned. */
  returned(): void {
    this.#handling = undefined;
  }

  /** The node has sent a message of this delivery; the destination is already marked as expecting it. */
  sent(node: RuntimeNode, delivery: OpenDelivery): void {
    if (node === this.#handling) this.#hasSent = true;
    const all = this.#kept.get(node);
    const own = all && [...all].find(({ receipt }) => receipt.hold.delivery === delivery);
    if (!own) return;
    for (const kept of all) if (kept.key === own.key) this.#sentInPlaceOf(kept, delivery);
  }

  /** A node has sent a message of a settled delivery. */
  sentTooLate(node: RuntimeNode): void {
    if (isOldStyle(node)) this.#types.set(node.type, 'late');
  }

  /** The node has reported an error with a message of this delivery. */
  failed(node: RuntimeNode, delivery: OpenDelivery): void {
    if (node === this.#handling) this.#hasSent = true;
    for (const kept of this.#kept.get(node) ?? []) {
      if (kept.receipt.hold.delivery === delivery) this.#end(node, kept);
    }
  }

  /** Tells whether the node may still send the message; if so, waits for it and calls `finish`. */
  keeps(node: RuntimeNode, msg: Message, receipt: Receipt): boolean {
    const kind = lateKind(node);
    if (kind ? !kind.keeps(node, msg) : !this.#mayBeLate(node)) return false;
    const kept: Kept = {
      receipt,
      kind,
      key: kind?.key?.(node, msg) ?? receipt,
      msg,
      timer: setTimeout(
        () => this.#check(node, kept, Date.now() + (kind?.patience ?? PATIENCE)),
        CHECK_INTERVAL,
      ),
    };
    const all = this.#kept.get(node);
    if (all) all.add(kept);
    else this.#kept.set(node, new Set([kept]));
    return true;
  }

  #mayBeLate(node: RuntimeNode): boolean {
    if (!isOldStyle(node) || this.#dropping.has(node) || this.#types.get(node.type) === 'drops') return false;
    return !(node === this.#handling && this.#hasSent) && (node.wires ?? []).flat().length > 0;
  }

  #check(node: RuntimeNode, kept: Kept, until: number): void {
    const isKept = kept.kind?.isKept?.(node, kept.msg) ?? true;
    if (isKept && Date.now() < until) {
      kept.timer = setTimeout(() => this.#check(node, kept, until), CHECK_INTERVAL);
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
    const node = hold.holder as RuntimeNode;
    if (!kept.kind) this.#types.set(node.type, 'late');
    if (hold.delivery !== delivery) hold.delivery.follow(delivery);
    // A node with `isKept` may send more than once.
    const endIfSent = () => kept.kind?.isKept?.(node, kept.msg) || this.#end(node, kept);
    setImmediate(endIfSent);
  }

  #end(node: RuntimeNode, kept: Kept): void {
    const all = this.#kept.get(node);
    if (!all?.delete(kept)) return;
    if (all.size === 0) this.#kept.delete(node);
    clearTimeout(kept.timer);
    this.#finish(kept.receipt);
  }
}

/** Old-style nodes of Node-RED that never send late. */
const PROMPT = /^(junction|rbe|switch|subflow(:.*)?)$/;

function isOldStyle({ type, _expectedDoneCount }: RuntimeNode): boolean {
  return _expectedDoneCount === 0 && !PROMPT.test(type);
}

import { keepers } from './disabled-nodes.ts';
import { isRunning, type EventsOfRuntime, type RuntimeNode } from './runtime-node.ts';
import { wrapMethod } from './wrap-method.ts';

/** A point in time: the number of nodes closed until then. */
export type Moment = number;

/** The sender's destination was missing at that point. */
const MISSING: Moment = -1;

/**
 * Tracks the nodes that Node-RED closes for a stop, restart or deploy.
 *
 * Node-RED removes a node before it closes it, and starts the new nodes one by one after all have closed. Messages sent
 * to such a node meanwhile are lost silently and reach no hook, and some nodes call `done` for messages that they did
 * not send.
 */
export class ClosedNodes {
  readonly #closing = new Set<RuntimeNode>();
  readonly #closed = new WeakSet<RuntimeNode>();
  /** When each node was closed to be restarted, by ID. */
  readonly #lastClosed = new Map<string, Moment>();
  /** IDs of the nodes that the current deploy removed or disabled. */
  readonly #removed = new Set<string>();
  readonly #onClosed: (node: RuntimeNode, canFinish: boolean) => void;
  readonly #unwrap: () => void;
  #count: Moment = 0;
  /** Node-RED is creating nodes; true at first, because a node that is being created opens settlement. */
  #isStarting = true;

  /** Calls `onClosed` when a node's close handlers have been called; the handlers and the node's work may still run. */
  constructor(
    node: RuntimeNode,
    events: EventsOfRuntime,
    onClosed: (node: RuntimeNode, canFinish: boolean) => void,
  ) {
    this.#onClosed = onClosed;
    const close = (closed: RuntimeNode, isRemoved: boolean, original: () => Promise<void>) =>
      this.#close(closed, isRemoved, original);
    const unwrap = wrapMethod(
      node,
      'close',
      (original) =>
        function closing(this: RuntimeNode, removed?: boolean): Promise<void> {
          return close(this, removed === true, () => original.call(this, removed));
        },
    );
    const starting = () => (this.#isStarting = true);
    const started = () => this.#started();
    events.on('flows:starting', starting);
    events.on('flows:started', started);
    this.#unwrap = () => {
      unwrap();
      events.removeListener('flows:starting', starting);
      events.removeListener('flows:started', started);
    };
  }

  has(node: RuntimeNode): boolean {
    return this.#closed.has(node);
  }

  /** Tells whether the node's close handlers are being called right now. */
  isClosing(node: RuntimeNode): boolean {
    return this.#closing.has(node);
  }

  /** Returns the current moment, for a later call of `mayHaveLost`. */
  now(sender: RuntimeNode): Moment {
    return this.#isMissing(sender) ? MISSING : this.#count;
  }

  /** Tells whether messages of `sender` may have been lost since then because a node it is wired to was not running. */
  mayHaveLost(sender: RuntimeNode, since: Moment): boolean {
    if (since === MISSING || (this.#isStarting && this.#isMissing(sender))) return true;
    if (this.#lastClosed.size === 0) return false;
    return isWiredTo(sender, (id) => (this.#lastClosed.get(id) ?? MISSING) > since);
  }

  stop(): void {
    this.#unwrap();
  }

  /** Forgets removed and disabled nodes: disabled-nodes.ts now holds the messages sent to a disabled node. */
  #started(): void {
    this.#isStarting = false;
    for (const id of this.#removed) this.#lastClosed.delete(id);
    this.#removed.clear();
  }

  /** Tells whether `sender` is wired to a node that is not running yet. */
  #isMissing(sender: RuntimeNode): boolean {
    if (!this.#isStarting && this.#lastClosed.size === 0) return false;
    const isAwaited = (id: string) => this.#isStarting || this.#lastClosed.has(id);
    return isWiredTo(sender, (id) => isAwaited(id) && !isRunning(sender._flow?.getNode(id)));
  }

  #close(node: RuntimeNode, isRemoved: boolean, original: () => Promise<void>): Promise<void> {
    this.#count += 1;
    this.#closed.add(node);
    // Messages to a removed or disabled node are dropped on purpose, unless the node is one that keeps messages.
    if (isRemoved && !keepers.has(node.type)) this.#lastClosed.delete(node.id);
    else this.#lastClosed.set(node.id, this.#count);
    if (isRemoved) this.#removed.add(node.id);
    this.#closing.add(node);
    const mayFinish = canFinish(node);
    try {
      return original();
    } finally {
      this.#closing.delete(node);
      this.#onClosed(node, mayFinish);
    }
  }
}

/** Node-RED's nodes that drop their messages when they are closed. */
const FORGETFUL = new Set(['batch', 'delay', 'join', 'sort', 'trigger']);

/** Tells whether a node can finish its messages after it was closed. Node-RED ends the timers of function nodes. */
function canFinish({ type, outstandingTimers = [] }: RuntimeNode): boolean {
  return !FORGETFUL.has(type) && outstandingTimers.length === 0;
}

function isWiredTo({ wires = [] }: RuntimeNode, isMatch: (id: string) => boolean): boolean {
  return wires.some((ids) => ids.some(isMatch));
}

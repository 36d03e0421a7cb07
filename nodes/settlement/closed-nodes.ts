import { keepers } from './disabled-nodes.ts';
import { isRunning, type EventsOfRuntime, type FlowNode } from './flow-node.ts';
import { wrapMethod } from './wrap-method.ts';

/** How many nodes had been closed at some moment. */
export type Moment = number;

/** The sender's destination was missing at that moment. */
const MISSING: Moment = -1;

/**
 * The nodes that Node-RED has closed since this was opened: for a stop, a restart or a deploy.
 *
 * Node-RED forgets a node before it closes it, starts the new ones when all have closed, and one after the other. What
 * is sent to one meanwhile is lost without a word, no hook tells of it, and some nodes call `done` for messages that
 * they have not sent on.
 */
export class ClosedNodes {
  readonly #closing = new Set<FlowNode>();
  readonly #closed = new WeakSet<FlowNode>();
  /** By the id of each node that was closed to start again. */
  readonly #lastClosed = new Map<string, Moment>();
  /** By id, the nodes that the deploy under way has removed or disabled. */
  readonly #removed = new Set<string>();
  readonly #onClosed: (node: FlowNode, canFinish: boolean) => void;
  readonly #unwrap: () => void;
  #count: Moment = 0;
  /** Node-RED creates nodes: it does so when the first of them opens settlement. */
  #isStarting = true;

  /** `onClosed` hears of each node whose close handlers have been called; they may go on, and so may the node's work. */
  constructor(
    node: FlowNode,
    events: EventsOfRuntime,
    onClosed: (node: FlowNode, canFinish: boolean) => void,
  ) {
    this.#onClosed = onClosed;
    const close = (closed: FlowNode, isRemoved: boolean, original: () => Promise<void>) =>
      this.#close(closed, isRemoved, original);
    const unwrap = wrapMethod(
      node,
      'close',
      (original) =>
        function closing(this: FlowNode, removed?: boolean): Promise<void> {
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

  has(node: FlowNode): boolean {
    return this.#closed.has(node);
  }

  /** Whether its close handlers are being called just now. */
  isClosing(node: FlowNode): boolean {
    return this.#closing.has(node);
  }

  /** What to ask `mayHaveLost` with, later. */
  now(sender: FlowNode): Moment {
    return this.#isMissing(sender) ? MISSING : this.#count;
  }

  /** Whether what `sender` has sent since then may not have arrived, because the node it is wired to was not there. */
  mayHaveLost(sender: FlowNode, since: Moment): boolean {
    if (since === MISSING || (this.#isStarting && this.#isMissing(sender))) return true;
    if (this.#lastClosed.size === 0) return false;
    return sendsTo(sender, (id) => (this.#lastClosed.get(id) ?? MISSING) > since);
  }

  stop(): void {
    this.#unwrap();
  }

  /** From now on disabled-nodes.ts holds what is sent to a node that was disabled. */
  #started(): void {
    this.#isStarting = false;
    for (const id of this.#removed) this.#lastClosed.delete(id);
    this.#removed.clear();
  }

  /** Whether a node that `sender` is wired to is not running now, but will. */
  #isMissing(sender: FlowNode): boolean {
    if (!this.#isStarting && this.#lastClosed.size === 0) return false;
    const isAwaited = (id: string) => this.#isStarting || this.#lastClosed.has(id);
    return sendsTo(sender, (id) => isAwaited(id) && !isRunning(sender._flow?.getNode(id)));
  }

  #close(node: FlowNode, isRemoved: boolean, original: () => Promise<void>): Promise<void> {
    this.#count += 1;
    this.#closed.add(node);
    // A node that was removed or disabled is not waited for: what is sent to it is meant to end there, unless it keeps it.
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

/** Nodes of Node-RED that forget at close what they keep. */
const FORGETFUL = new Set(['batch', 'delay', 'join', 'sort', 'trigger']);

/** Whether a node that is about to be closed can still finish with what it holds. Node-RED ends the timers of functions. */
function canFinish({ type, outstandingTimers = [] }: FlowNode): boolean {
  return !FORGETFUL.has(type) && outstandingTimers.length === 0;
}

function sendsTo({ wires = [] }: FlowNode, isMeant: (id: string) => boolean): boolean {
  return wires.some((ids) => ids.some(isMeant));
}

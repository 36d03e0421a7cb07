/** The parts of the Node-RED runtime that settlement uses: nodes, hooks and events. */
import type { NodeAPI } from 'node-red';
import type { Holder } from '../../src/index.ts';

/** A running node. Properties with an underscore are internal to Node-RED. */
export interface RuntimeNode extends Holder {
  /** IDs of the wired nodes, for each output. */
  wires?: string[][];
  /** Returns running nodes, but also subflows that have not started, which are not nodes. */
  _flow?: { getNode(id: string): object | null | undefined };
  /** Number of input handlers with three parameters; a node without one never calls `done`. */
  _expectedDoneCount?: number;
  /** One or several input handlers; missing if the node failed to start. */
  _inputCallback?: unknown;
  _inputCallbacks?: unknown;
  /** Active timers of a function node. */
  outstandingTimers?: readonly unknown[];
  /** Why a node of this package did not start. */
  mistake?: string;
  warn: (text: string) => void;
  error: (this: RuntimeNode, error: unknown, msg?: unknown) => void;
  /** Calls the close handlers; resolves when all have finished. */
  close: (this: RuntimeNode, removed?: boolean) => Promise<void>;
}

/** Tells whether this is a node that can receive messages. */
export function isRunning(node: unknown): boolean {
  return typeof (node as { receive?: unknown } | null | undefined)?.receive === 'function';
}

/** Runtime events. */
export interface EventsOfRuntime {
  on(event: 'flows:starting' | 'flows:started', listener: () => void): unknown;
  removeListener(event: 'flows:starting' | 'flows:started', listener: () => void): unknown;
}

/** Runtime hooks (https://nodered.org/docs/api/hooks/). Node-RED's own types lack labels. */
export interface HooksEngine {
  /** A handler that returns false stops the message. */
  add(hook: string, handler: (event: never) => false | void): void;
  remove(hook: string): void;
}

/** Parts of the runtime API. */
export interface RuntimeApi {
  hooks: HooksEngine;
  events: EventsOfRuntime;
  nodes: Pick<NodeAPI['nodes'], 'eachNode'>;
}

/** A message: the original object, not a copy. */
export type Message = Record<string, unknown>;

/** `preRoute`: a node sends the message; the destination may be missing. */
export interface RouteEvent {
  msg: Message;
  destination: { id: string };
}

/** `preDeliver`: the message will be delivered to an existing node. */
export interface SendEvent {
  msg: Message;
  source: { node: RuntimeNode };
  destination: { node: RuntimeNode };
}

/** `onReceive` and `postReceive`: before and after the input handler runs. */
export interface ReceiveEvent {
  msg: Message;
  destination: { node: RuntimeNode };
}

/** `onComplete`: the node called `done`. */
export interface CompleteEvent {
  msg: Message;
  node: { node: RuntimeNode };
  error?: unknown;
}

/** What settlement needs of a running Node-RED: its nodes, its hooks and their events. */
import type { NodeAPI } from 'node-red';
import type { Holder } from '../../src/index.ts';

/** What settlement needs of a Node-RED node; those with an underscore are Node-RED's own. */
export interface FlowNode extends Holder {
  /** The ids that each of its outputs is wired to. */
  wires?: string[][];
  /** The running nodes that it can reach; also a subflow that has not started, which is no node. */
  _flow?: { getNode(id: string): object | null | undefined };
  /** How many input handlers declare three parameters: a node without one never completes. */
  _expectedDoneCount?: number;
  /** The input handlers: one, or several; a node that could not be set up has none. */
  _inputCallback?: unknown;
  _inputCallbacks?: unknown;
  /** The timers of a function node that have not ended. */
  outstandingTimers?: readonly unknown[];
  /** Why a node of this package did not open. */
  mistake?: string;
  warn: (text: string) => void;
  error: (this: FlowNode, error: unknown, msg?: unknown) => void;
  /** Calls the close handlers; resolves when all of them have ended. */
  close: (this: FlowNode, removed?: boolean) => Promise<void>;
}

/** Whether this is a node that can get messages. */
export function isRunning(node: unknown): boolean {
  return typeof (node as { receive?: unknown } | null | undefined)?.receive === 'function';
}

/** What settlement needs of the events of a runtime. */
export interface EventsOfRuntime {
  on(event: 'flows:starting' | 'flows:started', listener: () => void): unknown;
  removeListener(event: 'flows:starting' | 'flows:started', listener: () => void): unknown;
}

/** The hooks of a runtime (https://nodered.org/docs/api/hooks/); its published types know no labels. */
export interface HooksEngine {
  /** A handler that returns false ends the message's way. */
  add(hook: string, handler: (event: never) => false | void): void;
  remove(hook: string): void;
}

/** What settlement needs of a runtime. */
export interface RuntimeApi {
  hooks: HooksEngine;
  events: EventsOfRuntime;
  nodes: Pick<NodeAPI['nodes'], 'eachNode'>;
}

/** A message as the hooks show it: the object itself, not a copy. */
export type Message = Record<string, unknown>;

/** `preRoute`: a node sends the message to where a wire leads, which may be a node that is not there. */
export interface RouteEvent {
  msg: Message;
  destination: { id: string };
}

/** `preDeliver`: the message is on its way to a node. */
export interface SendEvent {
  msg: Message;
  source: { node: FlowNode };
  destination: { node: FlowNode };
}

/** `onReceive` and `postReceive`: before and after the input handler runs. */
export interface ReceiveEvent {
  msg: Message;
  destination: { node: FlowNode };
}

/** `onComplete`: the node called `done`. */
export interface CompleteEvent {
  msg: Message;
  node: { node: FlowNode };
  error?: unknown;
}

/** What settlement needs of a running Node-RED: its nodes, its hooks and their events. */
import type { Holder } from '../../src/index.ts';

/** What settlement needs of a Node-RED node; those with an underscore are Node-RED's own. */
export interface FlowNode extends Holder {
  /** The ids that each of its outputs is wired to. */
  wires?: string[][];
  /** The running nodes that it can reach. */
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

/** The hooks of a runtime (https://nodered.org/docs/api/hooks/); its published types know no labels. */
export interface HooksEngine {
  add(hook: string, handler: (event: never) => void): void;
  remove(hook: string): void;
}

/** A message as the hooks show it: the object itself, not a copy. */
export type Message = Record<string, unknown>;

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

import type { FlowNode, Message } from './flow-node.ts';

type Report = (node: FlowNode, error: unknown, msg: Message) => void;

/**
 * Calls `report` before any node logs an error with a message, until the function returned is called.
 *
 * Node-RED has no hook for that: an input handler that throws, a link call that times out and `node.error(text, msg)`
 * in a function never reach `onComplete`. All of them call `error` of the prototype that every node inherits from,
 * so that is where it is heard.
 */
export function onReportedError(node: FlowNode, report: Report): () => void {
  const prototype = nodePrototype(node);
  const original = prototype.error;
  function reporting(this: FlowNode, error: unknown, msg?: unknown): void {
    if (typeof msg === 'object' && msg !== null) report(this, error, msg as Message);
    original.call(this, error, msg);
  }
  prototype.error = reporting;
  return () => {
    if (prototype.error === reporting) prototype.error = original;
  };
}

function nodePrototype(node: FlowNode): FlowNode {
  let prototype = Object.getPrototypeOf(node) as FlowNode;
  while (!Object.hasOwn(prototype, 'error')) prototype = Object.getPrototypeOf(prototype) as FlowNode;
  return prototype;
}

import type { FlowNode, Message } from './flow-node.ts';
import { wrapMethod } from './wrap-method.ts';

type Report = (node: FlowNode, error: unknown, msg: Message) => void;

/**
 * Calls `report` before any node logs an error with a message, until the function returned is called.
 *
 * An input handler that throws, a link call that times out and `node.error(text, msg)` in a function never reach the
 * hook `onComplete`. All of them call `error`.
 */
export function onReportedError(node: FlowNode, report: Report): () => void {
  return wrapMethod(
    node,
    'error',
    (original) =>
      function reporting(this: FlowNode, error: unknown, msg?: unknown): void {
        if (typeof msg === 'object' && msg !== null) report(this, error, msg as Message);
        original.call(this, error, msg);
      },
  );
}

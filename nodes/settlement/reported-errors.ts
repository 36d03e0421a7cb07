import type { RuntimeNode, Message } from './runtime-node.ts';
import { wrapMethod } from './wrap-method.ts';

type Report = (node: RuntimeNode, error: unknown, msg: Message) => void;

/**
 * Calls `report` before any node logs an error with a message, until the returned function is called.
 *
 * Some errors only call `error` and never reach the hook `onComplete`: input handlers that throw, link calls that time
 * out, and `node.error(text, msg)` in a function.
 */
export function onReportedError(node: RuntimeNode, report: Report): () => void {
  return wrapMethod(
    node,
    'error',
    (original) =>
      function reporting(this: RuntimeNode, error: unknown, msg?: unknown): void {
        if (typeof msg === 'object' && msg !== null) report(this, error, msg as Message);
        original.call(this, error, msg);
      },
  );
}

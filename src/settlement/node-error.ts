import { inspect } from 'node:util';
import { nameOf, type Holder } from './holder.ts';

/** An error that a node reported for a delivery: `node` is the node's name for users, `cause` the reported value. */
export class NodeError extends Error {
  override name = 'NodeError';
  readonly node: string;
  /** The node where the error began: that in a called flow, if it comes from there. */
  readonly origin: Holder;

  constructor(holder: Holder, cause: unknown) {
    const { message, stack } = describe(cause);
    super(message || 'an error without a message', { cause });
    this.node = nameOf(holder);
    this.origin = cause instanceof NodeError ? cause.origin : holder;
    this.stack = stack ?? `${this.name}: ${this.message}\n    at ${this.node}`;
  }
}

/** Nodes report strings, objects, and Errors of another realm: a function node has its own. */
function describe(cause: unknown): { message: string; stack?: string } {
  if (typeof cause === 'string') return { message: cause };
  const { message, stack } = Object(cause) as { message?: unknown; stack?: unknown };
  if (typeof message !== 'string') return { message: inspect(cause) };
  return typeof stack === 'string' ? { message, stack } : { message };
}

import { inspect } from 'node:util';

/** An error that a node reported for a delivery: `node` is the node's name, `cause` the reported value. */
export class NodeError extends Error {
  override name = 'NodeError';
  readonly node: string;

  constructor(node: string, cause: unknown) {
    const { message, stack } = describe(cause);
    super(message || 'an error without a message', { cause });
    this.node = node;
    this.stack = stack ?? `${this.name}: ${this.message}\n    at ${node}`;
  }
}

/** Nodes report strings, objects, and Errors of another realm: a function node has its own. */
function describe(cause: unknown): { message: string; stack?: string } {
  if (typeof cause === 'string') return { message: cause };
  const { message, stack } = Object(cause) as { message?: unknown; stack?: unknown };
  if (typeof message !== 'string') return { message: inspect(cause) };
  return typeof stack === 'string' ? { message, stack } : { message };
}

import type { Node, NodeMessage } from 'node-red';

type Send = (msg: NodeMessage | (NodeMessage | null)[]) => void;

/**
 * Handles a node's input with an async function, and calls `done` once, with the error if there is one. Node-RED does
 * not await handlers, so an unhandled rejection would end it.
 */
export function onInput(node: Node, handle: (msg: NodeMessage, send: Send) => Promise<void>): void {
  node.on('input', (msg, send, done) => {
    handle(msg, send).then(
      () => done(),
      (error: Error) => done(error),
    );
  });
}

import type { NodeAPI } from 'node-red';

/** Calls `start` whenever Node-RED has started the nodes of a deploy, until the returned function is called. */
export type WhenStarted = (start: () => void) => () => void;

/**
 * Call it once per node type. Connect only after the start: messages sent before all nodes have started may be lost
 * silently, and the broker sends the messages of a session immediately, so every node must have subscribed before.
 */
export function whenStarted(RED: NodeAPI): WhenStarted {
  const starts = new Set<() => void>();
  RED.events.on('flows:started', () => {
    for (const start of starts) start();
  });
  return (start) => {
    starts.add(start);
    return () => void starts.delete(start);
  };
}

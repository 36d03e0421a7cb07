import type { NodeAPI } from 'node-red';

/** Calls `start` each time that Node-RED has started the nodes of a deploy; gives what ends that. */
export type WhenStarted = (start: () => void) => () => void;

/**
 * Call it once for each type of node. What a node sends before all have started may find nobody there, and is lost
 * without a word; the messages that wait for a session come at once, so every node has to have subscribed before.
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

import type { NodeAPI } from 'node-red';

/** Calls `start` once Node-RED has started all nodes of a deploy; gives what takes that back. */
export type WhenStarted = (start: () => void) => () => void;

/**
 * Call it once for each type of node. What a node sends before all have started may find nobody there, and is lost
 * without a word.
 */
export function whenStarted(RED: NodeAPI): WhenStarted {
  const waiting = new Set<() => void>();
  RED.events.on('flows:started', () => {
    for (const start of waiting) start();
    waiting.clear();
  });
  return (start) => {
    const once = () => start();
    waiting.add(once);
    return () => void waiting.delete(once);
  };
}

import type { NodeAPI } from 'node-red';
import type { Rules } from '../src/options/rule.ts';
import { showMistake, type Opening } from './register-node.ts';

/**
 * Calls `start` whenever Node-RED has started the nodes of a deploy, until the node closes. An error of `start` is shown by its
 * node; other nodes start.
 */
export type WhenStarted = (
  opening: Pick<Opening<Rules>, 'node' | 'status' | 'onClose'>,
  start: () => void,
) => void;

/**
 * Call it once per node type. Connect only after the start: messages sent before all nodes have started may be lost
 * silently, and the broker sends the messages of a session immediately, so every node must have subscribed before.
 */
export function whenStarted(RED: Pick<NodeAPI, 'events'>): WhenStarted {
  const starts = new Set<() => void>();
  RED.events.on('flows:started', () => {
    for (const start of starts) start();
  });
  return ({ node, status, onClose }, start) => {
    const startSafely = () => {
      try {
        start();
      } catch (error) {
        showMistake({ node, status }, error as Error);
      }
    };
    starts.add(startSafely);
    onClose(() => void starts.delete(startSafely));
  };
}

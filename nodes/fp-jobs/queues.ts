import type { NodeAPI, NodeDef } from 'node-red';
import { OptionsError } from '../../src/index.ts';
import type { ConfigNode } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import type { QueueEntry } from './answers.ts';

export type QueueNode = ConfigNode<QueueConfig> & { shared: QueueConfig };

/** Returns the deployed queues that store jobs. */
export function queueNodes(RED: NodeAPI): QueueNode[] {
  const ids: string[] = [];
  RED.nodes.eachNode(({ id, type }: NodeDef) => {
    if (type === 'fp-queue-config') ids.push(id);
  });
  return ids
    .map((id) => RED.nodes.getNode(id) as ConfigNode<QueueConfig> | null)
    .filter((node): node is QueueNode => node?.shared?.enabled === true);
}

/** @throws OptionsError if there is no such queue */
export function queueNode(RED: NodeAPI, id: unknown): QueueNode {
  const node = queueNodes(RED).find((found) => found.id === id);
  if (node) return node;
  throw new OptionsError(['the queue is not deployed, not configured correctly, or switched off']);
}

export function entryOf({ id, name, shared }: QueueNode): QueueEntry {
  const { store, queue_name, sidebar_read_only: isReadOnly } = shared.properties;
  return { id, label: name || `${queue_name} (${store})`, store, isReadOnly };
}

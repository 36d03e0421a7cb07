import type { NodeAPI } from 'node-red';
import { OptionsError, refusalsOf } from '../../src/index.ts';
import { startedConfigs, type StartedConfig } from '../config-node.ts';
import type { QueueConfig } from '../fp-queue-config/fp-queue-config.ts';
import type { QueueEntry } from './answers.ts';

export type QueueNode = StartedConfig<QueueConfig>;

/** Returns the deployed queues that store jobs. */
export function queueNodes(RED: NodeAPI): QueueNode[] {
  return startedConfigs<QueueConfig>(RED, 'fp-queue-config').filter(({ shared }) => shared.enabled);
}

/** @throws OptionsError if there is no such queue */
export function queueNode(RED: NodeAPI, id: unknown): QueueNode {
  const node = queueNodes(RED).find((found) => found.id === id);
  if (node) return node;
  throw new OptionsError(['the queue is not deployed, not configured correctly, or switched off']);
}

export function entryOf({ id, name, shared }: QueueNode): QueueEntry {
  const { store, queue_name, sidebar_read_only: isReadOnly } = shared.properties;
  const label = name || `${queue_name} (${store})`;
  return { id, label, queueName: queue_name, store, isReadOnly, refusals: refusalsOf(store) };
}

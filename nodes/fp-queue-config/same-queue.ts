import type { Node, NodeAPI } from 'node-red';
import { queue } from '../../src/options/job-queue.ts';
import { startedConfigs } from '../config-node.ts';
import type { Properties } from '../properties.ts';
import type { rules } from './properties.ts';

type QueueProperties = Properties<typeof rules>;

/** A queue config, as others compare themselves with it. */
export interface Comparable {
  properties: QueueProperties;
}

const places: Record<QueueProperties['store'], (keyof QueueProperties)[]> = {
  embedded: ['directory'],
  redis: ['redis_url', 'prefix'],
  postgres: ['postgres_url', 'schema'],
  rq: ['redis_url'],
};

/** Warns if another config has the same queue with different options. */
export function warnOfOthers(RED: NodeAPI, node: Node, properties: QueueProperties): void {
  for (const other of startedConfigs<Comparable>(RED, 'fp-queue-config')) {
    if (other.id === node.id) continue;
    const differences = differencesOf(properties, other.shared.properties);
    if (differences.length === 0) continue;
    node.warn(
      `the configs ${nameOf(node)} and ${nameOf(other)} name the same queue with different ${differences.join(', ')}: ` +
        'each node uses what its own config says; use one config for both',
    );
  }
}

function differencesOf(one: QueueProperties, other: QueueProperties): string[] {
  const place = ['store', 'queue_name', ...places[one.store]] as const;
  if (place.some((name) => one[name] !== other[name])) return [];
  return (Object.keys(queue) as (keyof typeof queue)[]).filter((name) => one[name] !== other[name]);
}

function nameOf({ name, id }: Node): string {
  return name ? `"${name}"` : id;
}

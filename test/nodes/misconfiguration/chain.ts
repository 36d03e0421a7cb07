import {
  broker,
  control,
  events,
  enqueue,
  job,
  n,
  pipeline,
  project,
  queue,
  schedule,
  sink,
  stats,
  subscribe,
  worker,
} from '../../helpers/flow.ts';
import type { FlowNode } from '../../helpers/node-red.ts';

/** What a chain connects to. */
export interface Places {
  brokerPort: number;
  storePort: number;
  base_dir: string;
}

/** Stands for places where only a node's properties matter. */
const nowhere: Places = { brokerPort: 1, storePort: 1, base_dir: '.' };

/**
 * A flow with every node of ours: broker -> fp-subscribe -> fp-enqueue -> queue -> fp-worker -> fp-pipeline -> fp-job ->
 * sink. A second subscription keeps the connection open when the first is broken. `key` names topic, queue and client.
 */
export function chain(key: string, { brokerPort, storePort, base_dir } = nowhere): FlowNode[] {
  const store = { store: 'redis', redis_url: `redis://127.0.0.1:${storePort}` } as const;
  const other = { ...subscribe(otherTopicOf(key), ['other-sink'], { execution_mode: 'sync' }), id: 'other' };
  const nodes = [
    subscribe(topicOf(key), ['enqueue']),
    enqueue([[], 'pipeline']),
    worker(['pipeline', [], 'dead-letters']),
    sink('dead-letters'),
    pipeline(['job'], { pipeline: `run_${key}` }),
    n('called', 'link in', ['run'], { name: `run_${key}` }),
    sink('run', ['back']),
    n('back', 'link out', [], { mode: 'return' }),
    job(['sink']),
    sink('sink'),
    stats(['reports'], { broker: 'broker', queue: 'queue', interval: '1' }),
    control(['reports']),
    events(['reports']),
    sink('reports'),
    schedule({ pattern: '0 0 1 1 *' }),
    { ...other, name: 'other' },
    sink('other-sink'),
  ];
  return [
    { id: 'page', type: 'tab', label: key },
    broker({ port: brokerPort }, { client_id: key, clean_session: false }),
    queue(store, { queue_name: key }),
    project(base_dir),
    ...nodes.map((node) => ({ x: 100, y: 100, z: 'page', ...node })),
  ];
}

export function topicOf(key: string): string {
  return `${key}/in`;
}

export function otherTopicOf(key: string): string {
  return `${key}/other`;
}

/** The properties in which an id may stand. */
const references = new Set(['id', 'z', 'wires', 'links', 'broker', 'queue', 'project']);

/** Makes the ids of a chain's nodes unique. */
export function withKey(key: string, nodes: FlowNode[]): FlowNode[] {
  const ids = new Set(nodes.map(({ id }) => id));
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renamed);
    return typeof value === 'string' && ids.has(value) ? `${key}-${value}` : value;
  };
  return nodes.map((node) => {
    const entries = Object.entries(node).map(([name, v]) => [name, references.has(name) ? renamed(v) : v]);
    return Object.fromEntries(entries) as FlowNode;
  });
}

/** Changes properties of one node. */
export function changed(nodes: FlowNode[], id: string, properties: object): FlowNode[] {
  return nodes.map((node) => (node.id === id ? { ...node, ...properties } : node));
}

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
 * sink. `key` names topic, queue and client.
 */
export function chain(key: string, places = nowhere): FlowNode[] {
  return [
    page(key),
    ...listening(key, places, { runNow: ['pipeline'] }),
    ...working(key, places),
    ...beside(),
  ];
}

/** The tab of a trial. */
export function page(key: string): FlowNode {
  return { id: 'page', type: 'tab', label: key };
}

/** Queue and output of a `listening` part; by default, those of its own chain. */
interface Ends {
  queue?: string;
  runNow?: string[];
}

/**
 * The part that makes jobs of messages: broker -> fp-subscribe -> fp-enqueue. A second subscription keeps the connection
 * open when the first is broken.
 */
export function listening(key: string, { brokerPort }: Places, { queue: id, runNow = [] }: Ends): FlowNode[] {
  const other = subscribe(otherTopicOf(key), ['other-sink'], { execution_mode: 'sync' });
  return [
    broker({ port: brokerPort }, { client_id: key, clean_session: false }),
    ...placed([
      subscribe(topicOf(key), ['enqueue']),
      enqueue([[], runNow], id ? { queue: id } : {}),
      { ...other, id: 'other', name: 'other' },
      sink('other-sink'),
    ]),
  ];
}

/** The part that runs jobs: queue -> fp-worker -> fp-pipeline -> fp-job -> sink. */
export function working(key: string, { storePort, base_dir }: Places): FlowNode[] {
  const store = { store: 'redis', redis_url: `redis://127.0.0.1:${storePort}` } as const;
  return [
    queue(store, { queue_name: key }),
    project(base_dir),
    ...placed([
      worker(['pipeline', [], 'dead-letters']),
      sink('dead-letters'),
      pipeline(['job'], { pipeline: `run_${key}` }),
      n('called', 'link in', ['run'], { name: `run_${key}` }),
      sink('run', ['back']),
      n('back', 'link out', [], { mode: 'return' }),
      job(['sink']),
      sink('sink'),
    ]),
  ];
}

/** Nodes that use broker and queue of a chain, and that no message or job passes. */
export function beside(): FlowNode[] {
  return placed([
    stats(['reports'], { broker: 'broker', queue: 'queue', interval: '10' }),
    control(['reports']),
    events(['reports']),
    sink('reports'),
    schedule({ pattern: '0 0 1 1 *' }),
  ]);
}

function placed(nodes: FlowNode[]): FlowNode[] {
  return nodes.map((node) => ({ x: 100, y: 100, z: 'page', ...node }));
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

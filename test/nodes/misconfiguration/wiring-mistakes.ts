import { allRules } from '../../../nodes/rules.ts';
import { n, sink } from '../../helpers/flow.ts';
import type { FlowNode } from '../../helpers/node-red.ts';
import { changed } from './chain.ts';
import type { Mistake } from './mistake.ts';
import { nodeOf } from './property-mistakes.ts';

type Change = (nodes: FlowNode[]) => FlowNode[];
type Expected = Omit<Mistake, 'title' | 'make'>;

/** Makes an output of a node lead nowhere. */
type Cut = (nodes: FlowNode[], id: string, output: number) => FlowNode[];

/** A node without a place is a config node. */
const place = { x: 100, y: 100 };

const cuts: Record<string, Cut> = {
  'is unwired': (nodes, id, output) => rewired(nodes, { id, output }, []),
  'ends in a disabled node': (nodes, id, output) => [
    ...rewired(nodes, { id, output }, ['off']),
    { ...sink('off'), ...place, z: 'page', d: true },
  ],
  'ends in a link into a disabled tab': (nodes, id, output) => [
    ...rewired(nodes, { id, output }, ['link']),
    n('link', 'link out', [], { ...place, z: 'page', mode: 'link', links: ['far'] }),
    { id: 'off-tab', type: 'tab', label: 'off', disabled: true },
    n('far', 'link in', [], { ...place, z: 'off-tab', links: ['link'] }),
  ],
};

function rewired(
  nodes: FlowNode[],
  { id, output }: { id: string; output: number },
  to: string[],
): FlowNode[] {
  const wires = (nodes.find((node) => node.id === id)?.['wires'] ?? []) as string[][];
  return changed(nodes, id, { wires: wires.map((ids, i) => (i === output ? to : ids)) });
}

interface Output extends Expected {
  title: string;
  id: string;
  output: number;
  /** What else the mistake needs. */
  prepare?: Change;
}

const set =
  (id: string, properties: object): Change =>
  (nodes) =>
    changed(nodes, id, properties);

const waits = { outcome: 'waits' } as const;
const mixed = set('subscribe', { execution_mode: 'mixed', wires: [['pipeline'], ['enqueue']] });

/** The outputs by which a message has to leave. */
const neededOutputs: Output[] = [
  { ...waits, title: 'fp-subscribe (async)', id: 'subscribe', output: 0 },
  {
    ...waits,
    title: 'fp-subscribe (sync)',
    id: 'subscribe',
    output: 0,
    prepare: set('subscribe', { execution_mode: 'sync' }),
  },
  {
    ...waits,
    title: 'fp-subscribe (mixed), QoS 2, output 1',
    id: 'subscribe',
    output: 0,
    prepare: mixed,
    qos: 2,
  },
  { ...waits, title: 'fp-subscribe (mixed), QoS 1, output 2', id: 'subscribe', output: 1, prepare: mixed },
  {
    ...waits,
    title: 'fp-enqueue, output 2 of a queue that is switched off',
    id: 'enqueue',
    output: 1,
    prepare: set('queue', { enabled: false }),
  },
  { ...waits, title: 'fp-worker, output 1', id: 'worker', output: 0 },
];

/** Outputs that a flow may leave alone. */
const otherOutputs: Output[] = [
  { outcome: 'runs', title: 'fp-enqueue, output 1', id: 'enqueue', output: 0 },
  { outcome: 'runs', title: 'fp-enqueue, output 2 of a queue in use', id: 'enqueue', output: 1 },
  { outcome: 'runs', title: 'fp-worker, output 2', id: 'worker', output: 1 },
  { outcome: 'runs', title: 'fp-worker, output 3', id: 'worker', output: 2 },
  { outcome: 'either', reaches: 'run', title: 'fp-pipeline', id: 'pipeline', output: 0 },
  { outcome: 'either', reaches: 'run', title: 'fp-job', id: 'job', output: 0 },
  { outcome: 'runs', title: 'fp-stats', id: 'stats', output: 0 },
  { outcome: 'runs', title: 'fp-control', id: 'control', output: 0 },
  { outcome: 'runs', title: 'fp-events', id: 'events', output: 0 },
];

/** Every output of our nodes leads nowhere. */
export function outputMistakes(): Mistake[] {
  return [...neededOutputs, ...otherOutputs].flatMap(
    ({ title, id, output, prepare = (nodes) => nodes, ...expected }) =>
      Object.entries(cuts).map(([what, cut]) => ({
        ...expected,
        title: `${title} ${what}`,
        make: (nodes) => cut(prepare(nodes), id, output),
      })),
  );
}

/** Every node of ours disabled or missing. Without fp-subscribe there is no subscription: a message waits nowhere. */
export function absentNodes(): Mistake[] {
  return Object.keys(allRules)
    .filter((type) => type !== 'fp-subscribe')
    .flatMap((type) => [
      { title: `${type} is disabled`, make: set(nodeOf(type).id, { d: true }), ...absence(type) },
      {
        title: `${type} is missing`,
        make: (nodes) => nodes.filter(({ id }) => id !== nodeOf(type).id),
        ...absence(type),
      },
    ]);
}

/** A node of ours is disabled, and another node passes the messages to it. */
export function disabledBehindOthers(): Mistake[] {
  return ['fp-enqueue', 'fp-pipeline'].map((type) => ({
    title: `${type} behind another node is disabled`,
    make: (nodes) => changed(withNodeBefore(nodes, nodeOf(type).id), nodeOf(type).id, { d: true }),
    ...waits,
  }));
}

function withNodeBefore(nodes: FlowNode[], id: string): FlowNode[] {
  const redirected = nodes.map((node) => {
    const wires = (node['wires'] ?? []) as string[][];
    return { ...node, wires: wires.map((ids) => ids.map((to) => (to === id ? 'before' : to))) };
  });
  return [...redirected, { ...sink('before', [id]), ...place, z: 'page' }];
}

function absence(type: string): Expected {
  if (['fp-schedule', 'fp-stats', 'fp-control', 'fp-events'].includes(type)) return { outcome: 'runs' };
  // It may run on another machine.
  if (type === 'fp-worker') return { outcome: 'stays' };
  // The work is done in front of it.
  if (type === 'fp-job') return { outcome: 'either', reaches: 'run' };
  return waits;
}

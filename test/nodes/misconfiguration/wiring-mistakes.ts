import { allRules } from '../../../nodes/rules.ts';
import { n, sink } from '../../helpers/flow.ts';
import type { FlowNode } from '../../helpers/node-red.ts';
import { changed } from './chain.ts';
import type { Mistake } from './mistake.ts';
import { isConfigType, nodeOf, partOf } from './property-mistakes.ts';

type Change = (nodes: FlowNode[]) => FlowNode[];
type Expected = Omit<Mistake, 'title' | 'node' | 'make'>;

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
const [listening, working, beside, whole] = [
  { part: 'listening' },
  { part: 'working' },
  { part: 'beside' },
  { part: 'whole' },
] as const;
const mixed = set('subscribe', { execution_mode: 'mixed', wires: [['pipeline'], ['enqueue']] });

/** The outputs by which a message has to leave. */
const neededOutputs: Output[] = [
  { ...waits, ...listening, title: 'fp-subscribe (async)', id: 'subscribe', output: 0 },
  {
    ...waits,
    ...listening,
    title: 'fp-subscribe (sync)',
    id: 'subscribe',
    output: 0,
    prepare: set('subscribe', { execution_mode: 'sync' }),
  },
  {
    ...waits,
    ...whole,
    title: 'fp-subscribe (mixed), QoS 2, output 1',
    id: 'subscribe',
    output: 0,
    prepare: mixed,
    qos: 2,
  },
  {
    ...waits,
    ...whole,
    title: 'fp-subscribe (mixed), QoS 1, output 2',
    id: 'subscribe',
    output: 1,
    prepare: mixed,
  },
  {
    ...waits,
    ...whole,
    title: 'fp-enqueue, output 2 of a queue that is switched off',
    id: 'enqueue',
    output: 1,
    prepare: set('queue', { enabled: false }),
  },
  { ...waits, ...working, title: 'fp-worker, output 1', id: 'worker', output: 0 },
];

const runs = { outcome: 'runs' } as const;
/** The work is done in front of it. */
const runsBefore = { outcome: 'either', reaches: 'run' } as const;

/** Outputs that a flow may leave alone. */
const otherOutputs: Output[] = [
  { ...runs, ...listening, title: 'fp-enqueue, output 1', id: 'enqueue', output: 0 },
  { ...runs, ...whole, title: 'fp-enqueue, output 2 of a queue in use', id: 'enqueue', output: 1 },
  { ...runs, ...working, title: 'fp-worker, output 2', id: 'worker', output: 1 },
  { ...runs, ...working, title: 'fp-worker, output 3', id: 'worker', output: 2 },
  { ...runsBefore, ...working, title: 'fp-pipeline', id: 'pipeline', output: 0 },
  { ...runsBefore, ...working, title: 'fp-job', id: 'job', output: 0 },
  { ...runs, ...beside, title: 'fp-stats', id: 'stats', output: 0 },
  { ...runs, ...beside, title: 'fp-control', id: 'control', output: 0 },
  { ...runs, ...beside, title: 'fp-events', id: 'events', output: 0 },
];

/** Every output of our nodes leads nowhere. */
export function outputMistakes(): Mistake[] {
  return [...neededOutputs, ...otherOutputs].flatMap(
    ({ title, id, output, prepare = (nodes) => nodes, ...expected }) =>
      Object.entries(cuts).map(([what, cut]) => ({
        ...expected,
        title: `${title} ${what}`,
        node: id,
        make: (nodes) => cut(prepare(nodes), id, output),
      })),
  );
}

/** Every node of ours disabled or missing. Without fp-subscribe there is no subscription: a message waits nowhere. */
export function absentNodes(): Mistake[] {
  return Object.keys(allRules)
    .filter((type) => type !== 'fp-subscribe')
    .flatMap((type) => {
      const node = nodeOf(type).id;
      const isOther = ({ id }: FlowNode) => id !== node;
      const expected = { node, ...absence(type) };
      return [
        { title: `${type} is disabled`, make: set(node, { d: true }), ...expected },
        { title: `${type} is missing`, make: (nodes: FlowNode[]) => nodes.filter(isOther), ...expected },
      ];
    });
}

/** A node of ours is disabled, and another node passes the messages to it. */
export function disabledBehindOthers(): Mistake[] {
  return ['fp-enqueue', 'fp-pipeline'].map((type) => {
    const node = nodeOf(type).id;
    return {
      title: `${type} behind another node is disabled`,
      node,
      part: partOf(type),
      make: (nodes) => changed(withNodeBefore(nodes, node), node, { d: true }),
      ...waits,
    };
  });
}

function withNodeBefore(nodes: FlowNode[], id: string): FlowNode[] {
  const redirected = nodes.map((node) => {
    const wires = (node['wires'] ?? []) as string[][];
    return { ...node, wires: wires.map((ids) => ids.map((to) => (to === id ? 'before' : to))) };
  });
  return [...redirected, { ...sink('before', [id]), ...place, z: 'page' }];
}

function absence(type: string): Expected {
  // Every node that uses it.
  if (isConfigType(type)) return { ...waits, ...whole };
  const part = { part: partOf(type) };
  if (part.part === 'beside') return { ...runs, ...part };
  // It may run on another machine.
  if (type === 'fp-worker') return { outcome: 'stays', ...part };
  if (type === 'fp-job') return { ...runsBefore, ...part };
  return { ...waits, ...part };
}

import type { FlowNode } from '../helpers/node-red.ts';

/** A mistake that a person makes in the flow and deploys. */
export interface FlowMistake {
  name: string;
  make(flows: FlowNode[]): FlowNode[];
}

/** Changes properties of one node. */
const change =
  (id: string, properties: object): FlowMistake['make'] =>
  (flows) =>
    flows.map((node) => (node.id === id ? { ...node, ...properties } : node));

const UNSET = '${FP_NOT_SET_X}';

/** At each place of the way that a message takes. */
export const flowMistakes: FlowMistake[] = [
  { name: 'a variable of the queue is not set', make: change('queue', { queue_name: UNSET }) },
  { name: 'the queue is disabled', make: change('queue', { d: true }) },
  { name: 'a variable of the broker connection is not set', make: change('broker', { broker: UNSET }) },
  { name: 'fp-subscribe has a wrong QoS', make: change('all', { qos: '7' }) },
  {
    name: 'fp-subscribe has no file for protobuf',
    make: change('even', { deserialization_format: 'protobuf' }),
  },
  { name: 'fp-subscribe is unwired', make: change('all', { wires: [[]] }) },
  { name: 'fp-enqueue is disabled', make: change('enqueue', { d: true }) },
  { name: 'fp-enqueue has a wrong priority', make: change('enqueue', { priority: 'high' }) },
  { name: 'fp-worker is unwired', make: change('worker', { wires: [[], [], []] }) },
  { name: 'fp-worker has a wrong concurrency', make: change('worker', { concurrency: 'many' }) },
  { name: 'the node behind fp-worker is disabled', make: change('hold-job', { d: true }) },
  {
    name: 'the function in front of fp-enqueue has a syntax error',
    make: change('wait', { func: 'return (' }),
  },
];

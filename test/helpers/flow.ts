/** Functions to write flows in tests. Names are unique, so that tests don't share messages or jobs. */
import type { RqOptions, StoreOptions } from '../../src/index.ts';
import type { FlowNode } from './node-red.ts';
import { flowerpowerPython } from './python.ts';
import { unique } from './unique.ts';

type Wires = (string | string[])[];
type Rest = [wires?: Wires, properties?: object];

/** A node of a test's flow. Each output is wired to one or more nodes by ID. */
export const n = (id: string, type: string, ...[wires = [], properties]: Rest): FlowNode => ({
  id,
  type,
  name: id,
  wires: wires.map((ids) => [ids].flat()),
  ...properties,
});
export const fn = (id: string, func: string, wires: Wires = []): FlowNode =>
  n(id, 'function', wires, { func, outputs: wires.length });
export const last = n('last', 'debug', [], { active: false, complete: 'payload', tosidebar: false });
export const delay = (id: string, wires: Wires, timeout = '30') =>
  n(id, 'delay', wires, { pauseType: 'delay', timeout, timeoutUnits: 'milliseconds', outputs: 1 });
export const catcher = (wires: Wires, properties: object = {}) =>
  n('catcher', 'catch', wires, { scope: null, ...properties });
/** Records its messages, see `probe`. */
export const sink = (id: string, wires: Wires = []) => n(id, 'test-probe', wires);

/** A config node. Its name must not be its ID, or Node-RED would treat that as a reference. */
export const config = (id: string, type: string, properties: object): FlowNode => ({
  id,
  type,
  ...properties,
});

/** A connection to a local broker, with fast reconnects. */
export const broker = ({ port }: { port: number }, properties: object = {}) =>
  config('broker', 'fp-mqtt-config', {
    broker: '127.0.0.1',
    port: `${port}`,
    client_id: unique('client'),
    clean_session: true,
    reconnect_delay: '0.1',
    ...properties,
  });

/** A unique queue in a store, without retries. */
export const queue = (address: StoreOptions | RqOptions, properties: object = {}) =>
  config('queue', 'fp-queue-config', {
    ...address,
    queue_name: unique('queue'),
    max_retries: '0',
    backoff: 'fixed',
    backoff_delay: '0.01',
    ...properties,
  });

/** Has one output, or in `mixed` mode two: run now, enqueue. */
export const subscribe = (topic: string, wires: Wires, properties: object = {}) =>
  n('subscribe', 'fp-subscribe', wires, {
    broker: 'broker',
    topic,
    pipeline: 'pipe',
    qos: '2',
    ...properties,
  });

/** Outputs: enqueued, run now. */
export const enqueue = (wires: Wires = [], properties: object = {}) =>
  n('enqueue', 'fp-enqueue', wires, { queue: 'queue', ...properties });

/** Outputs: job, completed, dead letter. */
export const worker = (wires: Wires, properties: object = {}) =>
  n('worker', 'fp-worker', wires, { queue: 'queue', ...properties });

/** A folder with pipelines. */
export const project = (base_dir: string, properties: object = {}) =>
  config('project', 'fp-project-config', { base_dir, python: flowerpowerPython ?? 'python3', ...properties });

export const pipeline = (wires: Wires = [], properties: object = {}) =>
  n('pipeline', 'fp-pipeline', wires, { project: 'project', pipeline: '', ...properties });

/** A node behind a worker. */
export const job = (wires: Wires = [], properties: object = {}) => n('job', 'fp-job', wires, properties);

export const stats = (wires: Wires, properties: object = {}) => n('stats', 'fp-stats', wires, properties);

export const events = (wires: Wires, properties: object = {}) =>
  n('events', 'fp-events', wires, { queue: 'queue', ...properties });

export const schedule = (properties: object = {}) =>
  n('schedule', 'fp-schedule', [], { queue: 'queue', ...properties });

export const control = (wires: Wires, properties: object = {}) =>
  n('control', 'fp-control', wires, { queue: 'queue', ...properties });

/** The same nodes with IDs of their own, so that a flow can have them for several queues. */
export const prefixed = (prefix: string, nodes: FlowNode[]): FlowNode[] =>
  nodes.map((node) => ({
    ...node,
    id: `${prefix}-${node.id}`,
    ...('queue' in node && { queue: `${prefix}-queue` }),
    ...('wires' in node && {
      wires: (node['wires'] as string[][]).map((ids) => ids.map((id) => `${prefix}-${id}`)),
    }),
  }));

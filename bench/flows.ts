import type { FlowNode } from '../test/helpers/node-red.ts';
import type { Line } from './line.ts';

export type StoreName = 'embedded' | 'redis';

export function functionNode(id: string, func: string, next: string[] = []): FlowNode {
  return { id, type: 'function', z: 'tab', func, outputs: 1, libs: [], wires: [next] };
}

/** Sends the messages of the line's topic to the node `next`. */
export function subscribing({ mqttPort, clientId, topic }: Line, next: string): FlowNode[] {
  const broker = { broker: '127.0.0.1', port: mqttPort, client_id: clientId, clean_session: false };
  const subscribe = { broker: 'broker', topic, qos: '1', deserialization_format: 'json' };
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    { id: 'broker', type: 'fp-mqtt-config', ...broker },
    { id: 'subscribe', type: 'fp-subscribe', z: 'tab', ...subscribe, wires: [[next]] },
  ];
}

/** A flow from the node `enqueue` through the queue to a worker and a pipeline of two function nodes. */
export function jobs(line: Line, store: StoreName): FlowNode[] {
  return [
    ...workerTo(line, 'first', store),
    { id: 'enqueue', type: 'fp-enqueue', z: 'tab', queue: 'queue', wires: [[], []] },
    functionNode('first', 'return msg;', ['second']),
    functionNode('second', "global.get('started')(msg.payload.sentAt); return msg;"),
  ];
}

/** The line's queue, and a worker that sends its jobs to the node `next`. */
export function workerTo(
  { redisPort, queue, concurrency }: Line,
  next: string,
  store: StoreName = 'redis',
): FlowNode[] {
  const config = { store, redis_url: `redis://127.0.0.1:${redisPort}`, queue_name: queue };
  return [
    { id: 'queue', type: 'fp-queue-config', ...config, keep_completed: 1_000_000 },
    { id: 'worker', type: 'fp-worker', z: 'tab', queue: 'queue', concurrency, wires: [[next], [], []] },
  ];
}

/** A worker whose jobs run pipelines of a project by name. */
export function pipelineJobs(line: Line, project: object): FlowNode[] {
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    ...workerTo(line, 'pipeline'),
    { id: 'project', type: 'fp-project-config', python: 'python3', ...project },
    { id: 'pipeline', type: 'fp-pipeline', z: 'tab', project: 'project', pipeline: '', wires: [[]] },
  ];
}

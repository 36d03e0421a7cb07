import type { StoreKind } from '../../src/index.ts';
import { config, delay, enqueue, fn, n, stats, worker } from '../helpers/flow.ts';
import { withTab, type FlowNode } from '../helpers/node-red.ts';
import { filters, type Pipeline } from './messages.ts';

export interface FlowOptions {
  store: StoreKind;
  brokerPort: number;
  storePort: number;
  qos: 1 | 2;
  /** MQTT 3.1.1 (4) or 5. */
  protocol: 4 | 5;
  topic: string;
  ledger: string;
}

/** Where Node-RED tells how many jobs are in each state. */
export const COUNTS = '/counts';

const WAIT = 'await new Promise((resolve) => setTimeout(resolve, 10)); return msg;';

/**
 * Two subscriptions share one fp-enqueue; on the way to it, and from the worker to the ledger, nodes hold the messages
 * for a while. Each run of a job writes its line into the ledger.
 */
export function faultFlow(options: FlowOptions): FlowNode[] {
  const write = `const { payload, job } = msg;
    global.get('fs').appendFileSync(${JSON.stringify(options.ledger)}, \`\${payload.number} \${job.name} \${job.id}\\n\`);`;
  return withTab([
    brokerNode(options),
    queueNode(options),
    subscribe('all', 'hold', options),
    delay('hold', ['out'], '40'),
    n('out', 'link out', [], { mode: 'link', links: ['in'] }),
    n('in', 'link in', ['wait'], { links: ['out'] }),
    subscribe('even', 'wait', options),
    fn('wait', WAIT, ['enqueue']),
    enqueue(),
    worker(['hold-job'], { concurrency: '50' }),
    delay('hold-job', ['wait-job'], '20'),
    fn('wait-job', WAIT, ['write']),
    fn('write', write),
    n('ask', 'http in', ['stats'], { method: 'get', url: COUNTS }),
    stats(['answer'], { queue: 'queue' }),
    n('answer', 'http response'),
  ]);
}

/** The same flow with other times in its delay nodes: a deploy of it restarts these, whatever they hold. */
export function withOtherDelays(flows: FlowNode[]): FlowNode[] {
  return flows.map((node) => {
    if (node.type !== 'delay') return node;
    const time = Number(node['timeout']);
    return { ...node, timeout: `${time % 2 === 0 ? time + 1 : time - 1}` };
  });
}

function brokerNode({ brokerPort, topic, protocol }: FlowOptions): FlowNode {
  return config('broker', 'fp-mqtt-config', {
    broker: '127.0.0.1',
    port: `${brokerPort}`,
    client_id: `gateway-${topic}`,
    protocol: `${protocol}`,
    clean_session: false,
    keepalive: '5',
    reconnect_delay: '0.2',
  });
}

function queueNode({ store, storePort, topic }: FlowOptions): FlowNode {
  return config('queue', 'fp-queue-config', {
    store,
    queue_name: topic,
    redis_url: `redis://127.0.0.1:${storePort}`,
    postgres_url: `postgres://postgres@127.0.0.1:${storePort}/postgres`,
    max_retries: '20',
    backoff: 'fixed',
    backoff_delay: '0.2',
    keep_completed: '1000000',
  });
}

function subscribe(pipeline: Pipeline, to: string, { topic, qos }: FlowOptions): FlowNode {
  return n(pipeline, 'fp-subscribe', [to], {
    broker: 'broker',
    topic: `${topic}/${filters[pipeline]}`,
    qos: `${qos}`,
    pipeline,
    execution_mode: 'async',
  });
}

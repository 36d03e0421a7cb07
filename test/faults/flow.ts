import type { StoreKind } from '../../src/index.ts';

interface FlowOptions {
  store: StoreKind;
  brokerPort: number;
  storePort: number;
  qos: 1 | 2;
  topic: string;
  ledger: string;
}

/** Messages become jobs, and each run of a job writes its line into the ledger. */
export function faultFlow({ store, brokerPort, storePort, qos, topic, ledger }: FlowOptions): object[] {
  const onTab = { z: 'tab', x: 100, y: 100 };
  return [
    { id: 'tab', type: 'tab', label: 'faults' },
    {
      id: 'broker',
      type: 'fp-mqtt-config',
      broker: '127.0.0.1',
      port: `${brokerPort}`,
      client_id: `gateway-${topic}`,
      clean_session: false,
      keepalive: '5',
      reconnect_delay: '0.2',
    },
    {
      id: 'queue',
      type: 'fp-queue-config',
      store,
      queue_name: topic,
      redis_url: `redis://127.0.0.1:${storePort}`,
      postgres_url: `postgres://postgres@127.0.0.1:${storePort}/postgres`,
      max_retries: '20',
      backoff: 'fixed',
      backoff_delay: '0.2',
      keep_completed: '200000',
    },
    {
      ...onTab,
      id: 'subscribe',
      type: 'fp-subscribe',
      broker: 'broker',
      topic,
      qos: `${qos}`,
      pipeline: 'write',
      execution_mode: 'async',
      wires: [[], ['enqueue']],
    },
    { ...onTab, id: 'enqueue', type: 'fp-enqueue', queue: 'queue', wires: [[]] },
    {
      ...onTab,
      id: 'worker',
      type: 'fp-worker',
      queue: 'queue',
      concurrency: '20',
      wires: [['write'], [], []],
    },
    {
      ...onTab,
      id: 'write',
      type: 'function',
      outputs: 1,
      func: `global.get('fs').appendFileSync(${JSON.stringify(ledger)}, \`\${msg.payload.number} \${msg.job.id}\\n\`);`,
      wires: [[]],
    },
  ];
}

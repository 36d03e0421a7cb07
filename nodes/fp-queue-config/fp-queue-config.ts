import type { NodeAPI } from 'node-red';
import {
  countJobs,
  openProducer,
  openStore,
  openWorker,
  testStore,
  type Producer,
  type QueueCounts,
  type QueueWorker,
  type Store,
} from '../../src/index.ts';
import { logConnection, Users, type ConfigNode, type Listener } from '../config-node.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { addTestEndpoint } from '../test-endpoint.ts';
import { storeOptions } from './options.ts';
import { rules } from './properties.ts';

type OpenWorker = Omit<Parameters<typeof openWorker>[1], 'queue'>;

/** A node's use of a queue, until it calls `release`. */
export interface QueueUse {
  producer: Producer;
  openWorker: (options: OpenWorker) => QueueWorker;
  release: () => void;
}

/** The shared object of `fp-queue-config`: a queue, opened by the first node that uses it. */
export interface QueueConfig {
  /** False: messages run immediately instead of becoming jobs. */
  readonly enabled: boolean;
  /** Opens the store if necessary; `listener` gets the state of the connection until `release`. */
  use(listener: Listener): QueueUse;
  /** Undefined while no node uses the queue. */
  counts(): Promise<QueueCounts> | undefined;
  statistics(): Promise<QueueStatistics>;
}

/** Statistics of a queue, with the names of flowerpower-mqtt's `get_statistics()`. */
export interface QueueStatistics {
  job_queue_enabled: boolean;
  /** Missing while no node uses the queue. */
  job_queue_stats?: QueueCounts;
}

const credentials = { username: { type: 'text' }, password: { type: 'password' } } as const;

export default function register(RED: NodeAPI): void {
  registerNode(RED, { type: 'fp-queue-config', rules, credentials, open });
  addTestEndpoint(RED, {
    type: 'fp-queue-config',
    rules,
    test: (node, properties) => testStore(storeOptions(RED, node, properties)),
  });
}

function open({ RED, node, properties, onClose }: Opening<typeof rules>): void {
  const queue = properties;
  const address = storeOptions(RED, node, properties);
  const users = new Users();
  const log = logConnection(node, `the ${properties.store} store`);
  let opened: { store: Store; producer: Producer } | undefined;

  const openQueue = () => {
    const store = openStore(address, {
      onConnection(connection) {
        log(connection);
        users.report(connection);
      },
      onWarning: (text) => node.warn(text),
    });
    return { store, producer: openProducer(store, queue) };
  };
  const counts = () => opened && countJobs(opened.store, queue);
  const shared: QueueConfig = {
    enabled: properties.enabled,
    use(listener) {
      const { store, producer } = (opened ??= openQueue());
      return {
        producer,
        openWorker: (options) => openWorker(store, { ...options, queue }),
        release: users.add(listener),
      };
    },
    counts,
    async statistics() {
      const job_queue_stats = await counts();
      return { job_queue_enabled: properties.enabled, ...(job_queue_stats && { job_queue_stats }) };
    },
  };
  (node as ConfigNode<QueueConfig>).shared = shared;
  onClose(async () => {
    await users.free();
    await opened?.producer.close();
    await opened?.store.close();
  });
}

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
import { warnOfOthers, type Comparable } from './same-queue.ts';

type OpenWorker = Omit<Parameters<typeof openWorker>[1], 'queue'>;

/** What a node does with a queue, until it calls `release`. */
export interface QueueUse {
  producer: Producer;
  openWorker: (options: OpenWorker) => QueueWorker;
  release: () => void;
}

/** What `fp-queue-config` shares: one queue, opened for the first node that uses it. */
export interface QueueConfig extends Comparable {
  /** A queue that is switched off makes subscriptions run every message immediately. */
  readonly enabled: boolean;
  /** Opens the store if need be; `listener` hears how the connection is until `release`. */
  use(listener: Listener): QueueUse;
  /** Undefined while nobody uses the queue. */
  counts(): Promise<QueueCounts> | undefined;
  statistics(): Promise<QueueStatistics>;
}

/** A queue, in the names of flowerpower-mqtt's `get_statistics()`. */
export interface QueueStatistics {
  job_queue_enabled: boolean;
  /** Missing while nobody uses the queue. */
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
    properties,
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
  warnOfOthers(RED, node, properties);
  onClose(async () => {
    await users.free();
    await opened?.producer.close();
    await opened?.store.close();
  });
}

import type { NodeAPI } from 'node-red';
import {
  offerInspector,
  openInspector,
  openProducer,
  openStore,
  openWorker,
  queueStatistics,
  testStore,
  type Producer,
  type QueueStatistics,
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

/** A node's use of a queue, until it calls `release`. */
export interface QueueUse {
  producer: Producer;
  openWorker: (options: OpenWorker) => QueueWorker;
  release: () => void;
}

/** The shared object of `fp-queue-config`: a queue, opened by the first node that uses it. */
export interface QueueConfig extends Comparable {
  /** False: messages run immediately instead of becoming jobs. */
  readonly enabled: boolean;
  /** Opens the store if necessary; `listener` gets the state of the connection until `release`. */
  use(listener: Listener): QueueUse;
  statistics(): Promise<QueueStatistics>;
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
  let withdraw: (() => Promise<void>) | undefined;

  const openQueue = () => {
    const store = openStore(address, {
      onConnection(connection) {
        log(connection);
        users.report(connection);
        if (connection.state === 'connected') offer(store);
      },
      onWarning: (text) => node.warn(text),
    });
    return { store, producer: openProducer(store, queue) };
  };
  /** An embedded store is this process's alone: the command line reaches it through this process. */
  const offer = (store: Store) => {
    if (address.store !== 'embedded' || withdraw) return;
    const { queue_name } = queue;
    withdraw = offerInspector({
      directory: address.directory,
      queue: queue_name,
      inspector: openInspector(store, queue_name),
      onError: ({ message }) => node.warn(`fp-mqtt jobs cannot reach this queue: ${message}`),
    });
  };
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
    statistics: () =>
      queueStatistics(properties.enabled, opened && { store: opened.store, queue_name: queue.queue_name }),
  };
  (node as ConfigNode<QueueConfig>).shared = shared;
  warnOfOthers(RED, node, properties);
  onClose(async () => {
    await users.free();
    await withdraw?.();
    await opened?.producer.close();
    await opened?.store.close();
  });
}

import type { NodeAPI } from 'node-red';
import {
  offerInspector,
  openInspector,
  openProducer,
  openStore,
  openWorker,
  queueStatistics,
  testStore,
  type Inspector,
  type Producer,
  type QueueStatistics,
  type QueueWorker,
} from '../../src/index.ts';
import { logConnection, Users, type ConfigNode, type Listener } from '../config-node.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { addTestEndpoint } from '../test-endpoint.ts';
import { OpenedQueue, type Opened } from './opened-queue.ts';
import { storeOptions } from './options.ts';
import { rules } from './properties.ts';
import { warnOfOthers, type Comparable } from './same-queue.ts';
import { whileReachable } from './while-reachable.ts';

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
  /**
   * Looks into the queue or changes it. Opens the store if necessary; if no node uses it, it closes some time after the last
   * look. The signal aborts when the config node closes.
   *
   * @throws StoreUnavailableError if the store is unreachable, or becomes so meanwhile
   */
  look: <T>(look: (inspector: Inspector, signal: AbortSignal) => Promise<T>) => Promise<T>;
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

function open(opening: Opening<typeof rules>): void {
  const { RED, node, properties, onClose } = opening;
  const queue = properties;
  const { queue_name } = queue;
  const users = new Users();
  const closing = new AbortController();
  const opened = new OpenedQueue(() => openQueue(opening, users));
  const shared: QueueConfig = {
    properties,
    enabled: properties.enabled,
    use(listener) {
      const { store, producer } = opened.use();
      return {
        producer,
        openWorker: (options) => openWorker(store, { ...options, queue }),
        release: users.add(listener),
      };
    },
    look: (look) =>
      whileReachable({ users, closing: closing.signal }, () =>
        opened.look((store) => look(openInspector(store, queue_name), closing.signal)),
      ),
    statistics: () =>
      queueStatistics(properties.enabled, opened.opened && { store: opened.opened.store, queue_name }),
  };
  (node as ConfigNode<QueueConfig>).shared = shared;
  warnOfOthers(RED, node, properties);
  onClose(async () => {
    closing.abort();
    await users.free();
    await opened.close();
  });
}

function openQueue({ RED, node, properties: queue }: Opening<typeof rules>, users: Users): Opened {
  const address = storeOptions(RED, node, queue);
  const { queue_name } = queue;
  const log = logConnection(node, `the ${queue.store} store`);
  let isClosing = false;
  let withdraw: (() => Promise<void>) | undefined;
  /** An embedded store is this process's alone: the command line reaches it through this process. */
  const offer = () => {
    if (address.store !== 'embedded' || withdraw) return;
    withdraw = offerInspector({
      directory: address.directory,
      queue: queue_name,
      inspector: openInspector(store, queue_name),
      onError: ({ message }) => node.warn(`fp-mqtt jobs cannot reach this queue: ${message}`),
    });
  };
  users.report({ state: 'connecting' });
  const store = openStore(address, {
    onConnection(connection) {
      // The next store may already be open.
      if (isClosing) return;
      log(connection);
      users.report(connection);
      if (connection.state === 'connected') offer();
    },
    onWarning: (text) => node.warn(text),
  });
  const producer = openProducer(store, queue);
  const close = async () => {
    isClosing = true;
    await withdraw?.();
    await producer.close();
    await store.close();
  };
  return { store, producer, close };
}

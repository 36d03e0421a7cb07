import type { NodeAPI } from 'node-red';
import {
  offerInspector,
  openQueue,
  queueStatistics,
  readPickle,
  testRq,
  testStore,
  whoRuns,
  type OpenQueue,
  type Producer,
  type QueueStatistics,
} from '../../src/index.ts';
import { logConnection, Users, type ConfigNode, type Listener } from '../config-node.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { addTestEndpoint } from '../test-endpoint.ts';
import { storeOptions } from './options.ts';
import { rules } from './properties.ts';
import { warnOfOthers, type Comparable } from './same-queue.ts';

/** A node's use of a queue, until it calls `release`. */
export interface QueueUse {
  producer: Producer;
  openWorker: OpenQueue['openWorker'];
  release: () => void;
}

/** The shared object of `fp-queue-config`: a queue, opened by the first node that uses it. */
export interface QueueConfig extends Comparable {
  /** False: messages run immediately instead of becoming jobs. */
  readonly enabled: boolean;
  /** Why no worker here can run its jobs. */
  readonly noWorkers: string | undefined;
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
    test(node, properties) {
      const address = storeOptions(RED, node, properties);
      return address.store === 'rq' ? testRq(address) : testStore(address);
    },
  });
}

function open({ RED, node, properties, onClose }: Opening<typeof rules>): void {
  const queue = properties;
  const address = storeOptions(RED, node, properties);
  const users = new Users();
  const log = logConnection(node, `the ${properties.store} store`);
  let opened: OpenQueue | undefined;
  let withdraw: (() => Promise<void>) | undefined;

  const openFirst = () => {
    const made = openQueue(address, {
      queue,
      readPickle,
      listeners: {
        onConnection(connection) {
          log(connection);
          users.report(connection);
          if (connection.state === 'connected') offer(made);
        },
        onWarning: (text) => node.warn(text),
      },
    });
    return made;
  };
  /** An embedded store is this process's alone: the command line reaches it through this process. */
  const offer = ({ inspector }: OpenQueue) => {
    if (address.store !== 'embedded' || withdraw) return;
    withdraw = offerInspector({
      directory: address.directory,
      queue: queue.queue_name,
      inspector,
      onError: ({ message }) => node.warn(`fp-mqtt jobs cannot reach this queue: ${message}`),
    });
  };
  const shared: QueueConfig = {
    properties,
    enabled: properties.enabled,
    noWorkers: address.store === 'rq' ? whoRuns(queue.queue_name) : undefined,
    use(listener) {
      const { producer, openWorker } = (opened ??= openFirst());
      return { producer: producer(), openWorker, release: users.add(listener) };
    },
    statistics: () => queueStatistics(properties.enabled, opened?.inspector),
  };
  (node as ConfigNode<QueueConfig>).shared = shared;
  warnOfOthers(RED, node, properties);
  onClose(async () => {
    await users.free();
    await withdraw?.();
    await opened?.close();
  });
}

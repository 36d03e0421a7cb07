import type { NodeAPI } from 'node-red';
import {
  countedTo,
  JobCounts,
  offerInspector,
  openQueue,
  queueReader,
  queueStatistics,
  readPickle,
  testRq,
  testStore,
  whoRuns,
  type OpenQueue,
  type Inspector,
  type Producer,
  type QueueReading,
  type QueueStatistics,
} from '../../src/index.ts';
import { logConnection, Users, type ConfigNode, type ConnectionListener } from '../config-node.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { settingsOf, tracingOf } from '../settings.ts';
import { addTestEndpoint } from '../test-endpoint.ts';
import { QueueOnDemand } from './queue-on-demand.ts';
import { storeOptions } from './options.ts';
import { QueueWatch, type SampleListener } from './queue-watch.ts';
import { rules } from './properties.ts';
import { warnOfOthers, type Comparable } from './same-queue.ts';
import { WorkerPause } from './worker-pause.ts';
import { whileReachable } from './while-reachable.ts';

/** A node's use of a queue, until it calls `release`. */
export interface QueueUse {
  producer: Producer;
  openWorker: OpenQueue['openWorker'];
  listen: OpenQueue['listen'];
  follow: OpenQueue['follow'];
  waitForEnd: OpenQueue['waitForEnd'];
  schedules: OpenQueue['schedules'];
  release: () => void;
}

/** The shared object of `fp-queue-config`: a queue, opened by the first node that uses it. */
export interface QueueConfig extends Comparable {
  /** False: messages run immediately instead of becoming jobs. */
  readonly enabled: boolean;
  /** Why no worker here can run its jobs. */
  readonly noWorkers: string | undefined;
  /** Opens the store if necessary; `listener` gets the state of the connection until `release`. */
  use(listener: ConnectionListener): QueueUse;
  /**
   * Looks into the queue or changes it. Opens the store if necessary; if no node uses it, it closes some time after the last
   * look. The signal aborts when the config node closes.
   *
   * @throws StoreUnavailableError if the store is unreachable, or becomes so meanwhile
   */
  look: <T>(look: (inspector: Inspector, signal: AbortSignal) => Promise<T>) => Promise<T>;
  statistics(): Promise<QueueStatistics>;
  /** Marks a deploy in the queue's history if a node uses the queue. */
  noteDeploy(): void;
  /** For the metrics; undefined while no node uses the queue, and if the settings have no metrics. */
  read(): Promise<QueueReading> | undefined;
  /** Calls `listener` every few seconds with the queue's numbers, until the returned function is called. Needs a `use`. */
  watch(listener: SampleListener): () => void;
  readonly workerPause: WorkerPause;
}

/** Maximum jobs of each state that a sample counts, if the store doesn't know their number. */
const MOST_COUNTED = 10_000;

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

function open(opening: Opening<typeof rules>): void {
  const { RED, node, properties, onClose } = opening;
  const users = new Users();
  const closing = new AbortController();
  const counts = settingsOf(RED).metrics ? new JobCounts() : undefined;
  const onDemand = new QueueOnDemand(() => openOnce(opening, users, counts));
  const look: QueueConfig['look'] = (lookInto) =>
    whileReachable({ users, closing: closing.signal }, () =>
      onDemand.look(({ inspector }) => lookInto(inspector, closing.signal)),
    );
  const labels = { queue: properties.queue_name, store: properties.store, node: node.id };
  const read = counts && queueReader({ labels, counts }, look);
  const watch = new QueueWatch({
    users,
    countedTo: countedTo(properties.store, MOST_COUNTED),
    read: async () => onDemand.opened?.inspector.state({ mostCounted: MOST_COUNTED }),
  });
  const shared: QueueConfig = {
    properties,
    enabled: properties.enabled,
    noWorkers: properties.store === 'rq' ? whoRuns(properties.queue_name) : undefined,
    use(listener) {
      const { producer, openWorker, schedules, listen, follow, waitForEnd } = onDemand.use();
      const release = users.add(listener);
      return { producer: producer(), openWorker, schedules, listen, follow, waitForEnd, release };
    },
    look,
    watch: (listener) => watch.add(listener),
    workerPause: new WorkerPause(),
    noteDeploy: () => {
      if (onDemand.isUsed) onDemand.opened?.noteDeploy();
    },
    statistics: () => queueStatistics(properties.enabled, onDemand.opened?.inspector),
    read: () => (onDemand.isUsed ? read?.() : undefined),
  };
  (node as ConfigNode<QueueConfig>).shared = shared;
  warnOfOthers(RED, node, properties);
  onClose(async () => {
    closing.abort();
    await users.free();
    await onDemand.close();
  });
}

/** Opens the queue, until its `close`. */
function openOnce(
  { RED, node, properties: queue }: Opening<typeof rules>,
  users: Users,
  observer: JobCounts | undefined,
): OpenQueue {
  const address = storeOptions(RED, node, queue);
  const log = logConnection(node, `the ${queue.store} store`);
  let isClosing = false;
  let withdraw: (() => Promise<void>) | undefined;
  /** Only this process can open an embedded store, so the command line reaches it through this process. */
  const offer = ({ inspector }: OpenQueue) => {
    if (address.store !== 'embedded' || withdraw) return;
    withdraw = offerInspector({
      directory: address.directory,
      queue: queue.queue_name,
      inspector,
      onError: ({ message }) => node.warn(`fp-mqtt jobs cannot reach this queue: ${message}`),
    });
  };
  users.report({ state: 'connecting' });
  const opened = openQueue(address, {
    queue,
    observer,
    tracing: tracingOf(RED),
    readPickle,
    listeners: {
      onConnection(connection) {
        // The queue may already be open again.
        if (isClosing) return;
        log(connection);
        users.report(connection);
        if (connection.state === 'connected') offer(opened);
      },
      onWarning: (text) => node.warn(text),
    },
  });
  return {
    ...opened,
    async close() {
      isClosing = true;
      await withdraw?.();
      await opened.close();
    },
  };
}

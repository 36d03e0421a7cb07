import { killDatabase } from '../helpers/embedded.ts';
import { withOtherDelays } from './flow.ts';
import { flowMistakes } from './mistakes.ts';
import type { NodeRedProcess } from './node-red-process.ts';
import type { Proxy } from '../helpers/proxy.ts';
import type { Publisher } from './publisher.ts';
import type { Random } from './random.ts';
import type { RestartableServer } from './restartable-server.ts';

/** What a fault may break. */
export interface Victims {
  nodeRed: NodeRedProcess;
  publisher: Publisher;
  broker: RestartableServer;
  brokerProxy: Proxy;
  /** Missing on the embedded store, which lives in Node-RED. */
  store?: RestartableServer;
  storeProxy?: Proxy;
}

export interface Fault {
  name: string;
  isPossible?(victims: Victims): boolean;
  /** Resolves to what exactly was broken, where that differs from time to time. */
  strike(victims: Victims, random: Random): Promise<string | void>;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function freeze(signal: (name: NodeJS.Signals) => void, random: Random): Promise<void> {
  signal('SIGSTOP');
  await pause(random.between(200, 3000));
  signal('SIGCONT');
}

/** Deploys the flow with a mistake, and later without it; Node-RED may be killed in between. */
async function misconfigure({ nodeRed }: Victims, random: Random): Promise<string> {
  const { name, make } = random.pick(flowMistakes);
  const type = random.pick(['full', 'flows', 'nodes'] as const);
  const isKilled = random.between(1, 3) === 1;
  const right = nodeRed.flows;
  await nodeRed.deploy(type, make);
  await pause(random.between(500, 3000));
  if (isKilled) {
    await nodeRed.kill();
    await nodeRed.start();
  }
  await nodeRed.deploy(type, () => right);
  return `${name}, deployed as ${type}${isKilled ? ', killed' : ''}`;
}

const hasStore = ({ store }: Victims) => store !== undefined;

export const faults: Fault[] = [
  {
    name: 'kill -9 of Node-RED',
    async strike({ nodeRed }) {
      await nodeRed.kill();
      await nodeRed.start();
    },
  },
  {
    name: 'SIGTERM of Node-RED',
    async strike({ nodeRed }) {
      await nodeRed.stop();
      await nodeRed.start();
    },
  },
  {
    name: 'frozen Node-RED',
    strike: ({ nodeRed }, random) => freeze((name) => nodeRed.signal(name), random),
  },
  { name: 'deploy of everything', strike: ({ nodeRed }) => nodeRed.deploy('full', withOtherDelays) },
  { name: 'deploy of the changed flow', strike: ({ nodeRed }) => nodeRed.deploy('flows', withOtherDelays) },
  { name: 'deploy of the changed nodes', strike: ({ nodeRed }) => nodeRed.deploy('nodes', withOtherDelays) },
  { name: 'misconfigure, then fix', strike: misconfigure },
  {
    name: 'restart of the broker',
    strike: ({ publisher, broker }) => publisher.pauseFor(() => broker.restart()),
  },
  {
    name: 'frozen broker',
    strike: ({ broker }, random) => freeze((name) => broker.signal(name), random),
  },
  {
    name: 'cut connection to the broker',
    async strike({ brokerProxy }) {
      brokerProxy.cut();
    },
  },
  {
    name: 'kill -9 of the embedded store',
    isPossible: (victims) => !hasStore(victims),
    strike: async ({ nodeRed }) => killDatabase(nodeRed.storeDirectory),
  },
  { name: 'restart of the store', isPossible: hasStore, strike: async ({ store }) => store?.restart() },
  {
    name: 'frozen store',
    isPossible: hasStore,
    strike: ({ store }, random) => freeze((name) => store?.signal(name), random),
  },
  {
    name: 'cut connections to the store',
    isPossible: hasStore,
    async strike({ storeProxy }) {
      storeProxy?.cut();
    },
  },
  {
    name: 'slow store',
    isPossible: hasStore,
    async strike({ storeProxy }, random) {
      if (!storeProxy) return;
      storeProxy.latency = random.between(20, 200);
      await pause(2000);
      storeProxy.latency = 0;
    },
  },
];

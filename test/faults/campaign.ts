import { join } from 'node:path';
import type { StoreKind, StoreOptions } from '../../src/index.ts';
import { startMosquitto } from '../helpers/mosquitto.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { startRedis } from '../helpers/redis.ts';
import { temporaryDirectory } from '../helpers/servers.ts';
import { until } from '../helpers/until.ts';
import { faultFlow } from './flow.ts';
import { faults, type Victims } from './faults.ts';
import { Ledger, type Account } from './ledger.ts';
import { NodeRedProcess } from './node-red-process.ts';
import { openProxy } from '../helpers/proxy.ts';
import { Publisher } from './publisher.ts';
import { Qos2Trace } from './qos2-trace.ts';
import { whereabouts } from './whereabouts.ts';
import { seeded, type Random } from './random.ts';
import { restartable, type RestartableServer } from './restartable-server.ts';

export interface CampaignOptions {
  store: StoreKind;
  qos: 1 | 2;
  messages: number;
  /** Messages a second. */
  rate: number;
  faults: number;
  seed: number;
  /** The name of the only fault that strikes. */
  only?: string;
}

/** What a campaign found. */
export interface Finding extends Account {
  struck: string[];
  crashes: number;
  /** MB, the highest that was seen. */
  peakMemory: number;
  /** Lines of Node-RED's log that tell of errors nobody handled. */
  unhandled: string[];
  /** Messages that the broker sent anew after PUBREL, and what passed; they are none of those that we doubled. */
  sentAnew: string[];
  /** What passed of the messages that we doubled at QoS 2. */
  traces: string[];
  /** Where the jobs of lost messages are. */
  stuck: string[];
}

/** Milliseconds in which everything must have run once the faults are over: stalled jobs take up to 40 s. */
const DRAIN = 240_000;

/** Publishes messages while faults strike, then waits until every message has run, and settles the account. */
export async function runCampaign(options: CampaignOptions): Promise<Finding> {
  const releases: (() => Promise<void>)[] = [];
  try {
    return await run(options, (release) => releases.push(release));
  } finally {
    for (const release of releases.toReversed()) await release();
  }
}

async function run(
  { store, qos, messages, rate, faults: count, seed, only }: CampaignOptions,
  onEnd: (release: () => Promise<void>) => void,
): Promise<Finding> {
  const topic = `faults_${store}_${qos}_${seed}`;
  const broker = await restartable((earlier) => startMosquitto({ ...earlier, savesAtEnd: true }));
  onEnd(() => broker.stop());
  const trace = new Qos2Trace();
  const brokerProxy = await openProxy(
    () => broker.port,
    (connection) => trace.watch(connection),
  );
  onEnd(() => brokerProxy.close());
  const storeServer = await startStore(store);
  if (storeServer) onEnd(() => storeServer.stop());
  const storeProxy = storeServer && (await openProxy(() => storeServer.port));
  if (storeProxy) onEnd(() => storeProxy.close());

  const ledger = new Ledger(join(temporaryDirectory('ledger'), 'runs.txt'));
  const nodeRed = new NodeRedProcess();
  const ports = { brokerPort: brokerProxy.port, storePort: storeProxy?.port ?? 0 };
  await nodeRed.prepare(faultFlow({ store, qos, topic, ledger: ledger.file, ...ports }));
  await nodeRed.start();
  onEnd(() => nodeRed.stop());
  const publisher = new Publisher({ port: () => broker.port, topic, qos, messages, rate });
  onEnd(() => publisher.close());
  await publisher.warmUp(() => ledger.ran > 0);
  const memory = setInterval(() => nodeRed.watchMemory(), 500);
  const published = publisher.run();
  // It ends with the publisher if a fault could not be struck, and that is the error to tell.
  published.catch(() => undefined);
  const victims: Victims = {
    nodeRed,
    publisher,
    broker,
    brokerProxy,
    ...(storeServer && storeProxy && { store: storeServer, storeProxy }),
  };
  const struck = await strike(victims, {
    only,
    count,
    random: seeded(seed),
    span: (messages / rate) * 1000,
  });
  await published;
  await until('every message has run', () => ledger.ran > publisher.confirmed.size, DRAIN).catch(
    () => undefined,
  );
  clearInterval(memory);
  const account = ledger.settle(publisher.confirmed);
  await nodeRed.stop();
  const options = storeOptions(store, { userDir: nodeRed.userDir, port: storeServer?.port ?? 0 });
  const sentAnew = account.doubled.filter((number) => trace.wasSentAnew(number));
  const doubled = account.doubled.filter((number) => !trace.wasSentAnew(number));
  const describe = (number: number) => `${number}: ${trace.describe(number)}`;
  return {
    ...account,
    doubled,
    sentAnew: sentAnew.map(describe),
    traces: qos === 2 ? doubled.map(describe) : [],
    stuck: account.lost.length > 0 ? await whereabouts(account.lost, { queue: topic, options }) : [],
    struck,
    crashes: nodeRed.crashes,
    peakMemory: nodeRed.peakMemory,
    unhandled: nodeRed.output.split('\n').filter((line) => /uncaught|unhandled/i.test(line)),
  };
}

async function startStore(store: StoreKind): Promise<RestartableServer | undefined> {
  switch (store) {
    case 'redis':
      // A kill of Redis may lose nothing that was confirmed.
      return restartable((earlier) => startRedis({ ...earlier, args: ['--appendfsync', 'always'] }));
    case 'postgres':
      return restartable(startPostgres);
    case 'embedded':
    default:
      return undefined;
  }
}

function storeOptions(
  store: StoreKind,
  { userDir, port }: { userDir: string; port: number },
): Partial<StoreOptions> {
  return {
    store,
    directory: join(userDir, 'flowerpower'),
    redis_url: `redis://127.0.0.1:${port}`,
    postgres_url: `postgres://postgres@127.0.0.1:${port}/postgres`,
  };
}

interface Strikes {
  count: number;
  only: string | undefined;
  random: Random;
  /** Milliseconds over which the faults are spread. */
  span: number;
}

async function strike(victims: Victims, { count, only, random, span }: Strikes): Promise<string[]> {
  const possible = faults.filter(
    ({ name, isPossible }) => (isPossible?.(victims) ?? true) && (only === undefined || name === only),
  );
  const struck: string[] = [];
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setTimeout(resolve, (random.next() * 2 * span) / count));
    // Each kind once before any kind twice.
    const fault = possible[i % possible.length] ?? random.pick(possible);
    await fault.strike(victims, random);
    struck.push(fault.name);
  }
  return struck;
}

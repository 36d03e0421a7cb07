import { join } from 'node:path';
import type { StoreKind, StoreOptions } from '../../src/index.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { openProxy } from '../helpers/proxy.ts';
import { startRedis } from '../helpers/redis.ts';
import { temporaryDirectory } from '../helpers/servers.ts';
import { until } from '../helpers/until.ts';
import { brokers, type BrokerName } from './brokers.ts';
import { ExchangeTrace } from './exchange-trace.ts';
import type { Victims } from './faults.ts';
import { faultFlow } from './flow.ts';
import { Ledger } from './ledger.ts';
import { HERALDS } from './messages.ts';
import { NodeRedProcess } from './node-red-process.ts';
import { openPublisher, type Publisher } from './publisher.ts';
import { restartable, type RestartableServer } from './restartable-server.ts';

interface StageOptions {
  store: StoreKind;
  broker: BrokerName;
  /** MQTT 3.1.1 (4) or 5, of the gateway. */
  protocol: 4 | 5;
  qos: 1 | 2;
  /** Of the topics; also the queue's name. */
  topic: string;
}

/** Everything that takes part in a campaign, running. */
export interface Stage extends Victims {
  topic: string;
  ledger: Ledger;
  trace: ExchangeTrace;
  /** How to reach the store without the proxy. */
  storeOptions: StoreOptions;
}

type OnEnd = (release: () => Promise<void>) => void;

/** Starts servers and Node-RED; resolves when messages of both subscriptions have gone all the way. */
export async function openStage(options: StageOptions, onEnd: OnEnd): Promise<Stage> {
  const { store, qos, topic, protocol } = options;
  const broker = await restartable(brokers[options.broker]);
  onEnd(() => broker.stop());
  const trace = new ExchangeTrace(protocol);
  const brokerProxy = await openProxy(
    () => broker.port,
    (connection) => trace.watch(connection),
  );
  onEnd(() => brokerProxy.close());
  const stores = await openStoreServer(store, onEnd);
  const ledger = new Ledger(join(temporaryDirectory('ledger'), 'runs.txt'));
  const nodeRed = new NodeRedProcess();
  const ports = { brokerPort: brokerProxy.port, storePort: stores.storeProxy?.port ?? 0 };
  await nodeRed.prepare(faultFlow({ store, qos, topic, protocol, ledger: ledger.file, ...ports }));
  onEnd(() => nodeRed.stop());
  await nodeRed.start();
  const publisher = await openPublisher({ port: broker.port, topic, qos });
  onEnd(() => publisher.close());
  await warmUp(publisher, ledger).catch((error: Error) => {
    throw new Error(`${error.message}; the end of Node-RED's log:\n${nodeRed.log.join('\n')}`);
  });
  const storeOptions = addressOf(store, nodeRed.storeDirectory, stores.store?.port ?? 0);
  return { topic, nodeRed, publisher, broker, brokerProxy, ledger, trace, storeOptions, ...stores };
}

/** A broker keeps messages for a subscription only once it has that. */
async function warmUp(publisher: Publisher, ledger: Ledger): Promise<void> {
  for (const run of HERALDS) {
    const arrives = async () => {
      await publisher.send(run.number);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return ledger.has(run);
    };
    await until(`the subscription "${run.pipeline}" works`, arrives, 60_000);
  }
}

async function openStoreServer(
  kind: StoreKind,
  onEnd: OnEnd,
): Promise<Pick<Victims, 'store' | 'storeProxy'>> {
  const store = await startStore(kind);
  if (!store) return {};
  onEnd(() => store.stop());
  const storeProxy = await openProxy(() => store.port);
  onEnd(() => storeProxy.close());
  return { store, storeProxy };
}

async function startStore(kind: StoreKind): Promise<RestartableServer | undefined> {
  switch (kind) {
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

function addressOf(store: StoreKind, directory: string, port: number): StoreOptions {
  switch (store) {
    case 'redis':
      return { store, redis_url: `redis://127.0.0.1:${port}` };
    case 'postgres':
      return { store, postgres_url: `postgres://postgres@127.0.0.1:${port}/postgres` };
    case 'embedded':
    default:
      return { store, directory };
  }
}

import type { NodeAPI } from 'node-red';
import {
  BrokerCounts,
  openBroker,
  testConnection,
  type Broker,
  type BrokerStatistics,
} from '../../src/index.ts';
import { logConnection, Users, type ConfigNode, type Listener } from '../config-node.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { addTestEndpoint } from '../test-endpoint.ts';
import { whenStarted, type WhenStarted } from '../when-started.ts';
import { brokerLabel } from './broker-label.ts';
import { connectionOptions, sessionHooks } from './options.ts';
import { rules } from './properties.ts';

/** What `fp-mqtt-config` shares: one connection, opened for the first node that uses it. */
export interface MqttConfig {
  readonly counts: BrokerCounts;
  /** Opens the connection if need be; `listener` hears how it is until `release` is called. */
  use(listener: Listener): { broker: Broker; release: () => void };
  statistics(): ConnectionStatistics;
}

/** What the connection has done, in the names of flowerpower-mqtt's `get_statistics()`. */
interface ConnectionStatistics extends BrokerStatistics {
  connected: boolean;
  broker: string;
  running: boolean;
  /** Messages that no node subscribes to, where there were any. */
  unwanted_count?: number;
}

const credentials = { username: { type: 'text' }, password: { type: 'password' } } as const;

export default function register(RED: NodeAPI): void {
  const started = whenStarted(RED);
  registerNode(RED, {
    type: 'fp-mqtt-config',
    rules,
    credentials,
    open: (opening) => open(opening, started),
  });
  addTestEndpoint(RED, {
    type: 'fp-mqtt-config',
    rules,
    test: (node, properties) => testConnection(connectionOptions(RED, node, properties)),
  });
}

function open({ RED, node, properties, onClose }: Opening<typeof rules>, started: WhenStarted): void {
  const address = brokerLabel(properties);
  const users = new Users();
  const log = logConnection(node, address);
  const counts = new BrokerCounts();
  let broker: Broker | undefined;

  onClose(started(() => broker?.connect()));
  const onConnection: Listener = (connection) => {
    log(connection);
    users.report(connection);
  };
  const shared: MqttConfig = {
    counts,
    use(listener) {
      broker ??= openBroker(connectionOptions(RED, node, properties), {
        ...sessionHooks(RED, node, properties),
        onConnection,
      });
      return { broker, release: users.add(listener) };
    },
    statistics() {
      const { unwanted = 0 } = broker?.counts ?? {};
      return {
        connected: users.connection.state === 'connected',
        broker: address,
        running: broker !== undefined,
        ...counts.snapshot(),
        ...(unwanted > 0 && { unwanted_count: unwanted }),
      };
    },
  };
  (node as ConfigNode<MqttConfig>).shared = shared;
  onClose(async () => {
    await users.free();
    await broker?.close();
  });
}

import type { NodeAPI } from 'node-red';
import {
  BrokerCounts,
  connectionStatistics,
  openBroker,
  readBroker,
  testConnection,
  type Broker,
  type BrokerReading,
  type ConnectionStatistics,
  type Reservation,
} from '../../src/index.ts';
import { logConnection, Users, type ConfigNode, type ConnectionListener } from '../config-node.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { addTestEndpoint } from '../test-endpoint.ts';
import { whenStarted, type WhenStarted } from '../when-started.ts';
import { brokerLabel } from '../../src/mqtt/address.ts';
import { HoldUps } from './hold-ups.ts';
import { connectionOptions, sessionHooks } from './options.ts';
import { rules } from './properties.ts';
import { Reservations } from './reservations.ts';

/** The shared object of `fp-mqtt-config`: a connection, opened by the first node that uses it. */
export interface MqttConfig {
  readonly counts: BrokerCounts;
  readonly holdUps: HoldUps;
  /** Opens the connection if necessary; `listener` gets its state until `release` is called. */
  use(listener: ConnectionListener): { broker: Broker; release: () => void };
  /** Keeps the messages of a node that did not start, while other nodes use the connection. */
  reserve(reservation: Reservation): (isRemoved: boolean) => void;
  statistics(): ConnectionStatistics;
  /** For the metrics. */
  read(): BrokerReading;
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

function open(opening: Opening<typeof rules>, started: WhenStarted): void {
  const { RED, node, properties, onClose } = opening;
  const address = brokerLabel(properties);
  const options = connectionOptions(RED, node, properties);
  const users = new Users();
  const log = logConnection(node, address);
  const counts = new BrokerCounts();
  const reservations = new Reservations();
  let broker: Broker | undefined;

  started(opening, () => broker?.connect());
  const onConnection: ConnectionListener = (connection) => {
    log(connection);
    users.report(connection);
  };
  const openConnection = () => {
    const opened = openBroker(options, {
      ...sessionHooks(RED, node, properties),
      onConnection,
    });
    reservations.opened(opened);
    return opened;
  };
  const shared: MqttConfig = {
    counts,
    holdUps: new HoldUps(),
    use(listener) {
      broker ??= openConnection();
      return { broker, release: users.add(listener) };
    },
    reserve: (reservation) => reservations.add(reservation),
    statistics: () => connectionStatistics({ address, connection: users.connection, counts, broker }),
    read: () =>
      readBroker({
        labels: { broker: address, node: node.id },
        connection: users.connection,
        counts,
        broker,
      }),
  };
  (node as ConfigNode<MqttConfig>).shared = shared;
  onClose(async () => {
    await users.free();
    await broker?.close();
  });
}

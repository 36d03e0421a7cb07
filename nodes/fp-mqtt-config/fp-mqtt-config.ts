import type { NodeAPI } from 'node-red';
import {
  BrokerCounts,
  openBroker,
  testConnection,
  type Broker,
  type BrokerOptions,
  type BrokerStatistics,
  type BrokerTls,
} from '../../src/index.ts';
import { logConnection, Users, type ConfigNode, type Listener } from '../config-node.ts';
import type { Properties } from '../properties.ts';
import { registerNode, type Opening } from '../register-node.ts';
import { addTestEndpoint, type DialogNode } from '../test-endpoint.ts';
import { tlsOptions } from '../tls.ts';
import { brokerLabel } from './broker-label.ts';
import { rules } from './properties.ts';

/** What `fp-mqtt-config` shares: one connection, opened for the first node that uses it. */
export interface MqttConfig {
  readonly counts: BrokerCounts;
  /** Opens the connection if need be; `listener` hears how it is until `release` is called. */
  use(listener: Listener): { broker: Broker; release: () => void };
  statistics(): BrokerStatistics & { connected: boolean; broker: string; running: boolean };
}

const credentials = { username: { type: 'text' }, password: { type: 'password' } } as const;

export default function register(RED: NodeAPI): void {
  // Waiting messages of a session come at once, so every node of the deploy has to have subscribed before.
  const connects = new Set<() => void>();
  RED.events.on('flows:started', () => {
    for (const connect of connects) connect();
  });
  registerNode(RED, {
    type: 'fp-mqtt-config',
    rules,
    credentials,
    open: (opening) => open(opening, connects),
  });
  addTestEndpoint(RED, {
    type: 'fp-mqtt-config',
    rules,
    test: (node, properties) => testConnection(options(RED, node, properties)),
  });
}

function open({ RED, node, properties, onClose }: Opening<typeof rules>, connects: Set<() => void>): void {
  const address = brokerLabel(properties);
  const users = new Users();
  const log = logConnection(node, address);
  const counts = new BrokerCounts();
  let broker: Broker | undefined;

  const connect = () => broker?.connect();
  connects.add(connect);
  onClose(() => void connects.delete(connect));
  const onConnection: Listener = (connection) => {
    log(connection);
    users.report(connection);
  };
  const shared: MqttConfig = {
    counts,
    use(listener) {
      broker ??= openBroker(options(RED, node, properties), { onConnection });
      return { broker, release: users.add(listener) };
    },
    statistics: () => ({
      connected: users.connection.state === 'connected',
      broker: address,
      running: broker !== undefined,
      ...counts.snapshot(),
    }),
  };
  (node as ConfigNode<MqttConfig>).shared = shared;
  onClose(async () => {
    await users.free();
    await broker?.close();
  });
}

function options(
  RED: NodeAPI,
  node: DialogNode,
  properties: Properties<typeof rules>,
): Partial<BrokerOptions> {
  const { tls, client_id, ...others } = properties;
  const { username, password } = node.credentials ?? {};
  return {
    ...others,
    // A session belongs to its client id: without one of its own it belongs to this node.
    client_id: client_id || `node-red-${node.id}`,
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: tlsOptions<BrokerTls>(RED, tls) }),
  };
}

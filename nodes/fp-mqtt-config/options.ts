import type { Node, NodeAPI } from 'node-red';
import {
  MACHINE_FILE,
  machineId,
  sessionMemory,
  type BrokerHooks,
  type BrokerOptions,
  type BrokerTls,
} from '../../src/index.ts';
import { instanceId } from '../instance-id.ts';
import { inUserDir } from '../settings.ts';
import type { Properties } from '../properties.ts';
import type { DialogNode } from '../test-endpoint.ts';
import { tlsOptions } from '../config-node.ts';
import { brokerLabel } from '../../src/mqtt/address.ts';
import type { rules } from './properties.ts';

type MqttProperties = Properties<typeof rules>;

/** Returns the options of the broker connection. */
export function connectionOptions(
  RED: NodeAPI,
  node: DialogNode,
  properties: MqttProperties,
): Partial<BrokerOptions> {
  const { tls, ...others } = properties;
  const { username, password } = node.credentials ?? {};
  return {
    ...others,
    client_id: clientIdOf(RED, node, properties),
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: tlsOptions<BrokerTls>(RED, tls) }),
  };
}

/** Remembers the filters of the session, and warns of messages that match none. */
export function sessionHooks(RED: NodeAPI, node: Node, properties: MqttProperties): BrokerHooks {
  const address = brokerLabel(properties);
  const clientId = clientIdOf(RED, node, properties);
  return {
    onUnwanted: (topic) =>
      node.warn(
        `${address} sends messages that no node subscribes to, for instance of ${topic}; they are acknowledged and ` +
          `counted. Another program must have subscribed in the session of client ID ${clientId}: to end that ` +
          'subscription, deploy once with a clean session',
      ),
    ...(!properties.clean_session && {
      memory: sessionMemory({
        file: inUserDir(RED, 'flowerpower-sessions.json'),
        session: `${address} ${clientId}`,
        onError: (reason) => node.warn(`cannot remember the subscriptions of the session: ${reason}`),
      }),
    }),
  };
}

/** Returns the configured client ID, or one that is unique to this node and this Node-RED. */
export function clientIdOf(
  RED: NodeAPI,
  { id }: { id: string },
  { client_id }: { client_id: string },
): string {
  if (client_id) return client_id;
  const machine = machineId(inUserDir(RED, MACHINE_FILE));
  return ['node-red', instanceId(RED), machine, id].filter((part) => part !== '').join('-');
}

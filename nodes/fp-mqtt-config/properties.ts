import { sharedBrokerDefaults } from '../../src/broker-defaults.ts';
import { checkedText, choice, flag, integer, optionalConfigNode, seconds, text } from '../properties.ts';

/** A host name or an address whose scheme MQTT has; user and password belong in their own fields. */
function brokerMistake(broker: string): string | undefined {
  if (/\s/.test(broker)) return 'must not contain spaces';
  if (!broker.includes('://')) return undefined;
  const url = URL.canParse(broker) ? new URL(broker) : undefined;
  if (!url?.hostname || !/^(mqtts?|wss?):$/.test(url.protocol)) {
    return `must be a host name or start with mqtt://, mqtts://, ws:// or wss://, found ${broker}`;
  }
  return url.username || url.password
    ? 'must not hold the user or password: they have fields of their own'
    : undefined;
}

/** One broker connection; the names are those of flowerpower-mqtt's `mqtt` section. */
export const rules = {
  broker: checkedText(brokerMistake, 'localhost'),
  /** Empty: that of the address' scheme. */
  port: integer(undefined, { least: 1, most: 65_535 }),
  protocol: choice(4, 5),
  tls: optionalConfigNode,
  client_id: text('', 256),
  clean_session: flag(false),
  keepalive: integer(sharedBrokerDefaults.keepalive, { least: 0, most: 65_535 }),
  reconnect_delay: seconds(sharedBrokerDefaults.reconnect_delay, { least: 0.1, most: 3600 }),
  reconnect_retries: integer(undefined, { least: 0, most: 1_000_000 }),
  window: integer(sharedBrokerDefaults.window, { least: 1, most: 65_535 }),
  qos0_buffer: integer(sharedBrokerDefaults.qos0_buffer, { least: 0, most: 1_000_000 }),
  qos0_drop: choice('oldest', 'newest'),
};

import { sharedBrokerDefaults } from '../broker-defaults.ts';
import { isWhole, throwMistakes } from '../mistakes.ts';
import { brokerAddress } from './address.ts';
import type { DropPolicy } from './lossy-buffer.ts';

/** How to reach a broker; the names are those of the YAML's `mqtt` section. */
export interface BrokerOptions {
  /** Host name, IP address, or a URL with mqtt, mqtts, ws or wss; a URL's port, user and password win. */
  broker: string;
  /** TCP port. Default: 1883, 8883 with TLS; 80 and 443 for WebSockets. */
  port?: number | undefined;
  /** Seconds without traffic after which each side asks whether the other is alive; 0 never asks. */
  keepalive: number;
  /** The session's name at the broker. Default: a random one, for as long as this process lives. */
  client_id?: string | undefined;
  /** False: the broker keeps the subscriptions and what arrives for them while nobody is connected. */
  clean_session: boolean;
  username?: string | undefined;
  password?: string | undefined;
  /** How many failed tries end the first connect. Default: none do; after the first success none ever do. */
  reconnect_retries?: number | undefined;
  /** Seconds before the first reconnect; each failed try doubles it, up to twelve times this. */
  reconnect_delay: number;
  /** Seconds that a try to connect may take. */
  connect_timeout: number;
  /**
   * 4 is MQTT 3.1.1, 5 is MQTT 5.0. Where a broker sends a message once for each of several overlapping filters, only
   * 5 tells the copies apart; with 4 each subscriber gets them all.
   */
  protocol: 4 | 5;
  /** Certificates and checks of TLS; its presence alone turns `mqtt` into `mqtts` and `ws` into `wss`. */
  tls?: BrokerTls | undefined;
  /** How many QoS 1 and 2 messages may be unsettled at once, 1 to 65535 (MQTT 5.0: Receive Maximum). */
  window: number;
  /** How many QoS 0 messages may wait for each subscriber, on top of `window` unsettled ones. */
  qos0_buffer: number;
  /** Which QoS 0 message goes when the buffer is full. */
  qos0_drop: DropPolicy;
  /** Seconds in which a subscriber that restarts must come back before its filter is unsubscribed. */
  restart_grace: number;
}

/** As in Node's tls.connect; PEM texts or their bytes. */
export interface BrokerTls {
  ca?: string | Buffer | string[];
  cert?: string | Buffer;
  key?: string | Buffer;
  passphrase?: string;
  rejectUnauthorized?: boolean;
  servername?: string;
  ALPNProtocols?: string[];
}

/** What holds where an option is left out; the YAML's keys have flowerpower-mqtt's defaults. */
export const brokerDefaults = {
  ...sharedBrokerDefaults,
  broker: 'localhost',
  clean_session: true,
  connect_timeout: 30,
  protocol: 4,
  restart_grace: 30,
} as const satisfies BrokerOptions;

/** Fills in the defaults; throws an OptionsError that lists every mistake. */
export function brokerOptions(given: Partial<BrokerOptions>): BrokerOptions {
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  const options: BrokerOptions = { ...brokerDefaults, ...Object.fromEntries(present) };
  throwMistakes(checks(options));
  return options;
}

/** Hand-made flows hold values of any type. */
function checks(options: BrokerOptions): (true | string)[] {
  const { broker, port, client_id: clientId, clean_session: clean, protocol } = options;
  const { username, password, reconnect_retries: retries } = options;
  return [
    brokerAddress(broker) !== undefined ||
      'broker must be a host name or a mqtt://, mqtts://, ws:// or wss:// URL',
    port === undefined || isWhole(port, 1, 65_535) || 'port must be a whole number from 1 to 65535',
    isWhole(options.keepalive, 0, 65_535) || 'keepalive must be a whole number of seconds from 0 to 65535',
    typeof clean === 'boolean' || 'clean_session must be true or false',
    !!(clean || clientId) ||
      'client_id must not be empty without clean_session: the broker keeps the session under it',
    retries === undefined || isWhole(retries, 0) || 'reconnect_retries must be a whole number of 0 or more',
    isDuration(options.reconnect_delay) || `reconnect_delay ${durationRule}`,
    isDuration(options.connect_timeout) || `connect_timeout ${durationRule}`,
    [4, 5].includes(protocol) || 'protocol must be 4 (MQTT 3.1.1) or 5 (MQTT 5.0)',
    isWhole(options.window, 1, 65_535) || 'window must be a whole number from 1 to 65535',
    isWhole(options.qos0_buffer, 0, 1_000_000) || 'qos0_buffer must be a whole number from 0 to 1000000',
    ['oldest', 'newest'].includes(options.qos0_drop) || 'qos0_drop must be oldest or newest',
    isDuration(options.restart_grace) || `restart_grace ${durationRule}`,
    protocol !== 4 || !password || !!username || 'password must come with a username in MQTT 3.1.1',
  ];
}

const LONGEST = 3600;
const durationRule = `must be a number of seconds above 0 and up to ${LONGEST}`;

function isDuration(seconds: number): boolean {
  return typeof seconds === 'number' && seconds > 0 && seconds <= LONGEST;
}

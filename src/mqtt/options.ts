import type { IClientOptions } from 'mqtt';
import { OptionsError } from '../base/errors.ts';
import { mqtt } from '../options/mqtt.ts';
import { destination, hostAndPort } from './address.ts';
import { readOptions, type Values } from '../options/option.ts';

const { tls_ca: _1, tls_cert: _2, tls_key: _3, tls_servername: _4, tls_verify: _5, ...own } = mqtt;

/** Options of a broker connection: those of `mqtt`, but with TLS settings instead of file names. */
export interface BrokerOptions extends Values<typeof own> {
  /** TLS settings. An empty object also turns `mqtt` into `mqtts` and `ws` into `wss`. */
  tls?: BrokerTls | undefined;
}

/** Options of Node.js's tls.connect; certificates and keys are PEM. */
export interface BrokerTls {
  ca?: string | Buffer | string[];
  cert?: string | Buffer;
  key?: string | Buffer;
  passphrase?: string;
  rejectUnauthorized?: boolean;
  servername?: string;
  ALPNProtocols?: string[];
}

/** Timeouts in seconds. */
export interface BrokerTiming {
  /** Maximum duration of an attempt to connect. */
  connectTimeout: number;
  /** Time for a subscriber to restart before its filter is unsubscribed. */
  restartGrace: number;
}

export const brokerTiming: BrokerTiming = { connectTimeout: 30, restartGrace: 30 };

/**
 * Fills in the defaults.
 *
 * @throws OptionsError that lists every mistake
 */
export function brokerOptions({ tls, ...given }: Partial<BrokerOptions>): BrokerOptions {
  const options = readOptions(own, given);
  const { clean_session, client_id, protocol, username, password } = options;
  if (!clean_session && client_id === '')
    throw new OptionsError([
      '`client_id` must not be empty without `clean_session`: the broker stores the session under this ID',
    ]);
  if (protocol === 4 && password !== '' && username === '')
    throw new OptionsError(['`password` needs a `username` in MQTT 3.1.1']);
  return { ...options, tls };
}

/** Settings of a single network connection. */
interface ConnectOptions {
  /** Name of the session. */
  clientId: string;
  /** Maximum seconds to connect. */
  connectTimeout: number;
  /** Maximum bytes of a packet from the broker, for MQTT 5.0. */
  largestPacket?: number | undefined;
}

/** Converts the options to those of mqtt.js, for one network connection. */
export function clientOptions(
  options: BrokerOptions,
  { clientId, connectTimeout, largestPacket }: ConnectOptions,
): IClientOptions {
  const address = target(options);
  return {
    ...options.tls,
    ...(options.tls && { wsOptions: options.tls }),
    protocol: address.scheme,
    hostname:
      address.scheme.startsWith('ws') && address.host.includes(':') ? `[${address.host}]` : address.host,
    port: address.port,
    path: address.path,
    username: options.username || undefined,
    password: options.password || undefined,
    clientId,
    clean: options.clean_session,
    keepalive: options.keepalive,
    connectTimeout: connectTimeout * 1000,
    protocolVersion: options.protocol,
    ...(options.protocol === 5 && { properties: sessionProperties(options, largestPacket) }),
    // Each mqtt.js client is one network connection; Broker reconnects and subscribes again.
    reconnectPeriod: 0,
    resubscribe: false,
  };
}

/** Returns the broker's address for messages to users. */
export function brokerUrl(options: BrokerOptions): string {
  const address = target(options);
  return `${address.scheme}://${hostAndPort(address)}`;
}

function target(options: BrokerOptions) {
  const address = destination(options);
  if (!address) throw new Error(`invalid broker address: ${options.broker}`);
  return address;
}

function sessionProperties(
  { window, clean_session, session_expiry }: BrokerOptions,
  largestPacket: number | undefined,
): IClientOptions['properties'] {
  return {
    receiveMaximum: window,
    ...(!clean_session && { sessionExpiryInterval: session_expiry }),
    ...(largestPacket !== undefined && { maximumPacketSize: largestPacket }),
  };
}

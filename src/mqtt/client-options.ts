import type { IClientOptions } from 'mqtt';
import { destination, hostAndPort } from './address.ts';
import type { BrokerOptions } from './options.ts';

/** What one network connection has beside the options. */
export interface ConnectOptions {
  /** The session's name. */
  clientId: string;
  /** Seconds that the connection may take. */
  connectTimeout: number;
  /** Bytes that a packet of the broker may have, for MQTT 5.0. */
  largestPacket?: number | undefined;
}

/**
 * Converts the options to those of mqtt.js, for one network connection. `clientId` names the session, `connectTimeout`
 * is in seconds.
 */
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

/** Broker addresses. The editor uses this file, too, so it may only import pure functions. */
import { isVariable } from '../base/variable.ts';
import type { Stored } from '../options/rule.ts';

interface BrokerAddress {
  scheme: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  host: string;
  port?: number;
  /** Path and query of a WebSocket URL. */
  path?: string;
}

const schemes: Record<string, BrokerAddress['scheme']> = {
  'mqtt:': 'mqtt',
  'tcp:': 'mqtt',
  'mqtts:': 'mqtts',
  'ssl:': 'mqtts',
  'tls:': 'mqtts',
  'ws:': 'ws',
  'wss:': 'wss',
};

const secured = { mqtt: 'mqtts', mqtts: 'mqtts', ws: 'wss', wss: 'wss' } as const;
const defaultPorts = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 };

/** Parses a broker's host name, IP address or URL; returns undefined if it is invalid. */
export function brokerAddress(broker: unknown): BrokerAddress | undefined {
  const url = typeof broker === 'string' ? parse(broker.trim()) : undefined;
  const scheme = url && schemes[url.protocol];
  if (!url?.hostname || !scheme) return undefined;
  return {
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port && { port: Number(url.port) }),
    ...(scheme.startsWith('ws') && { path: `${url.pathname || '/'}${url.search}` }),
  };
}

/** The options that select the broker; any value of `tls` turns TLS on. */
interface Target<Port> {
  broker: unknown;
  port?: Port | undefined;
  tls?: unknown;
}

type Destination<Port> = Omit<BrokerAddress, 'port'> & { port: number | Port };

/** Returns where to connect. The port is that of the address, else `port`, else the scheme's default. */
export function destination<Port extends number | string>(
  options: Target<Port>,
): Destination<Port> | undefined {
  const { broker, port, tls } = options;
  const address = brokerAddress(broker);
  if (!address) return undefined;
  const scheme = tls ? secured[address.scheme] : address.scheme;
  return { ...address, scheme, port: address.port ?? port ?? defaultPorts[scheme] };
}

/** Formats host and port for a URL. */
export function hostAndPort({ host, port }: { host: string; port: number | string }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Returns the broker's address for users: `h:1883` or `mqtts://h:8883`; environment variables stay unchanged. */
export function brokerLabel({ broker, port, tls }: Stored): string {
  const given = typeof broker === 'string' && broker !== '' ? broker : 'localhost';
  const portText = typeof port === 'number' || typeof port === 'string' ? `${port}` : '';
  if (isVariable(given)) return portText ? `${given}:${portText}` : given;
  const address = destination({ broker: given, port: portText || undefined, tls });
  if (!address) return given;
  return `${address.scheme === 'mqtt' ? '' : `${address.scheme}://`}${hostAndPort(address)}`;
}

function parse(broker: string): URL | undefined {
  const isIpv6 = /^[\da-f]*:[\da-f.]*:[\da-f:.]*$/i.test(broker);
  const text = isIpv6 ? `mqtt://[${broker}]` : broker.includes('://') ? broker : `mqtt://${broker}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

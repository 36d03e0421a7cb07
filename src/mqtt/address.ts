import { unescaped } from '../unescaped.ts';

export interface BrokerAddress {
  scheme: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  host: string;
  port?: number;
  /** Path and query of a WebSocket's URL. */
  path?: string;
  username?: string;
  password?: string;
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

/** Takes a broker's host name, IP address or URL apart; undefined when it is none of these. */
export function brokerAddress(broker: unknown): BrokerAddress | undefined {
  const url = typeof broker === 'string' ? parse(broker.trim()) : undefined;
  const scheme = url && schemes[url.protocol];
  if (!url?.hostname || !scheme) return undefined;
  return {
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port && { port: Number(url.port) }),
    ...(scheme.startsWith('ws') && { path: `${url.pathname || '/'}${url.search}` }),
    ...(url.username && { username: unescaped(url.username) }),
    ...(url.password && { password: unescaped(url.password) }),
  };
}

function parse(broker: string): URL | undefined {
  const isIpv6 = /^[\da-f]*:[\da-f.]*:[\da-f:.]*$/i.test(broker);
  const text = isIpv6 ? `mqtt://[${broker}]` : broker.includes('://') ? broker : `mqtt://${broker}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

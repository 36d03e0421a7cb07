import { brokerAddress } from '../mqtt/address.ts';
import { isVariable } from '../base/variable.ts';
import type { FileValue, Options } from './option.ts';
import { checkedText, choice, flag, integer, seconds, text, type Stored } from './rule.ts';

/** Default port of flowerpower-mqtt. */
const PORT = 1883;

/** Returns the default port of a file; null means the port of the scheme. A variable may contain a scheme. */
function portFor(explicit: Stored): FileValue {
  const broker = explicit['broker'];
  const isAddress = typeof broker === 'string' && broker.includes('://');
  return isAddress || isVariable(broker) || usesTls(explicit) ? null : PORT;
}

/** Tells whether a file's `mqtt` section has TLS settings, which turn TLS on for every scheme. */
export function usesTls({ tls_ca, tls_cert, tls_key, tls_servername, tls_verify }: Stored): boolean {
  return [tls_ca, tls_cert, tls_key, tls_servername].some(Boolean) || (tls_verify ?? true) !== true;
}

/** Describes the mistake in a broker's host name or address. User and password have their own fields. */
function brokerMistake(broker: string): string | undefined {
  if (/\s/.test(broker)) return 'must not contain spaces';
  if (!brokerAddress(broker)) {
    return `must be a host name or start with mqtt://, mqtts://, ws:// or wss://, found ${broker}`;
  }
  return broker.includes('@')
    ? 'must not hold the user or password: they have fields of their own'
    : undefined;
}

/** The section `mqtt`. */
export const mqtt = {
  broker: {
    rule: checkedText(brokerMistake, {
      fallback: 'localhost',
      schema: { pattern: '^([^\\s:/]+(:\\d+)?|[\\da-fA-F:.]+|(mqtts?|wss?|tcp|ssl|tls)://[^\\s@]+)$' },
    }),
    about: 'host name, or an address with `mqtt://`, `mqtts://`, `ws://` or `wss://`',
  },
  port: {
    rule: integer(undefined, { least: 1, most: 65_535 }),
    about: '1 to 65535; with TLS the default is 8883, with `ws://` 80, with `wss://` 443',
    inFile: PORT,
    inFileFor: portFor,
  },
  keepalive: { rule: integer(60, { least: 0, most: 65_535 }), about: 'seconds, 0 to 65535' },
  client_id: {
    rule: text('', 256),
    about: 'name of the session; empty: generated',
  },
  clean_session: {
    rule: flag(false),
    about: 'true: the broker forgets the session when the connection ends',
    inFile: true,
  },
  session_expiry: {
    rule: integer(604_800, { least: 60, most: 4_294_967_295 }),
    about: 'seconds offline after which MQTT 5 ends the session; 4294967295: never',
    ours: true,
  },
  username: { rule: text(), about: 'becomes a credential', secret: true },
  password: { rule: text(), about: 'becomes a credential', secret: true },
  reconnect_retries: {
    rule: integer(undefined, { least: 0, most: 1_000_000 }),
    about: 'retries of the first connection, until a deploy or restart; empty: no limit',
  },
  reconnect_delay: {
    rule: seconds(5, { least: 0.1, most: 3600 }),
    about: 'seconds before the first retry, doubled each time',
  },
  protocol: { rule: choice(4, 5), about: '4 for MQTT 3.1.1, or 5', ours: true },
  window: {
    rule: integer(1000, { least: 1, most: 65_535 }),
    about: 'maximum unacknowledged messages, 1 to 65535',
    ours: true,
  },
  qos0_buffer: {
    rule: integer(1000, { least: 0, most: 1_000_000 }),
    about: 'maximum waiting QoS 0 messages of a subscription, 0 to 1000000',
    ours: true,
  },
  qos0_drop: {
    rule: choice('oldest', 'newest'),
    about: 'which to drop when the buffer is full: `oldest` or `newest`',
    ours: true,
  },
  tls_ca: {
    rule: text(),
    about: 'file with the trusted CA certificates; use `mqtts://` to turn TLS on',
    ours: true,
  },
  tls_cert: { rule: text(), about: 'file with the client certificate', ours: true },
  tls_key: { rule: text(), about: 'file with the private key of that certificate', ours: true },
  tls_servername: { rule: text(), about: 'expected name of the server', ours: true },
  tls_verify: { rule: flag(true), about: 'check the certificate of the server', ours: true },
} satisfies Options;

import { OptionsError } from '../base/errors.ts';
import { mqtt } from '../options/mqtt.ts';
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

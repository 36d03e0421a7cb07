import { OptionsError } from '../errors.ts';
import { mqtt } from '../options/mqtt.ts';
import { readOptions, type Values } from '../options/option.ts';

const { tls_ca: _1, tls_cert: _2, tls_key: _3, tls_servername: _4, tls_verify: _5, ...own } = mqtt;

/** How to reach a broker: the options of `mqtt`, with the TLS settings themselves in the place of their files. */
export interface BrokerOptions extends Values<typeof own> {
  /** Certificates and checks of TLS; its presence alone turns `mqtt` into `mqtts` and `ws` into `wss`. */
  tls?: BrokerTls | undefined;
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

/** Seconds. */
export interface BrokerTiming {
  /** That a try to connect may take. */
  connectTimeout: number;
  /** In which a subscriber that restarts must come back before its filter is unsubscribed. */
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
      '`client_id` must not be empty without `clean_session`: the broker keeps the session under it',
    ]);
  if (protocol === 4 && password !== '' && username === '')
    throw new OptionsError(['`password` must come with a username in MQTT 3.1.1']);
  return { ...options, tls };
}

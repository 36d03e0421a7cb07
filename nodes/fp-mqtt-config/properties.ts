import { mqtt } from '../../src/options/mqtt.ts';
import { rulesIn } from '../../src/options/option.ts';
import { optionalConfigNode } from '../properties.ts';

const {
  // Credentials.
  username: _username,
  password: _password,
  // Part of the TLS config node.
  tls_ca: _ca,
  tls_cert: _cert,
  tls_key: _key,
  tls_servername: _servername,
  tls_verify: _verify,
  ...own
} = mqtt;

/** Properties of a broker connection. */
export const rules = { ...rulesIn(own), tls: optionalConfigNode };

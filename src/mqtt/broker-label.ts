import { destination, hostAndPort } from './address.ts';
import { isVariable } from '../base/variable.ts';
import type { Stored } from '../options/rule.ts';

/** Returns the broker's address for users: `h:1883` or `mqtts://h:8883`; environment variables stay unchanged. */
export function brokerLabel({ broker, port, tls }: Stored): string {
  const given = typeof broker === 'string' && broker !== '' ? broker : 'localhost';
  const portText = typeof port === 'number' || typeof port === 'string' ? `${port}` : '';
  if (isVariable(given)) return portText ? `${given}:${portText}` : given;
  const address = destination({ broker: given, port: portText || undefined, tls });
  if (!address) return given;
  return `${address.scheme === 'mqtt' ? '' : `${address.scheme}://`}${hostAndPort(address)}`;
}

import { usesTls } from '../../src/index.ts';
import { isVariable } from '../properties.ts';
import type { FlowNode } from './flow-node.ts';

/** A broker's node and its TLS settings under the keys of the file; settings that say nothing become the scheme. */
export function brokerFields(broker: FlowNode | undefined, tls: FlowNode | undefined): object {
  if (!broker || !tls) return { ...broker };
  const settings = {
    tls_ca: tls['ca'],
    tls_cert: tls['cert'],
    tls_key: tls['key'],
    tls_servername: tls['servername'],
    tls_verify: tls['verifyservercert'],
  };
  return { ...broker, ...settings, ...(!usesTls(settings) && { broker: secured(broker['broker']) }) };
}

function secured(broker: unknown): string {
  const address = typeof broker === 'string' && broker !== '' ? broker : 'localhost';
  if (isVariable(address)) return address;
  return address.includes('://') ? address.replace(/^(mqtt|ws):/, '$1s:') : `mqtts://${address}`;
}

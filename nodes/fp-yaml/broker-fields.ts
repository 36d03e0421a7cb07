import { usesTls } from '../../src/index.ts';
import { isVariable } from '../../src/base/variable.ts';
import type { FlowNode } from './flow-node.ts';

/** Returns a broker node and its TLS settings under the file's keys. TLS without settings becomes the scheme. */
export function brokerFields(broker: FlowNode, tls: FlowNode | undefined): object {
  if (!tls) return broker;
  const settings = tlsFields(tls);
  return { ...broker, ...settings, ...(!usesTls(settings) && { broker: secured(broker['broker']) }) };
}

/** Returns TLS settings; paths only if the certificates are in files. */
function tlsFields({ certType = 'files', ca, cert, key, servername, verifyservercert }: FlowNode) {
  return {
    ...(certType === 'files' && { tls_ca: ca, tls_cert: cert, tls_key: key }),
    tls_servername: servername,
    tls_verify: verifyservercert,
  };
}

function secured(broker: unknown): string {
  const address = typeof broker === 'string' && broker !== '' ? broker : 'localhost';
  if (isVariable(address)) return address;
  return address.includes('://') ? address.replace(/^(mqtt|ws):/, '$1s:') : `mqtts://${address}`;
}

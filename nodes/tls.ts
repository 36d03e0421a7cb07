import type { Node, NodeAPI } from 'node-red';
import { OptionsError } from '../src/index.ts';

/** Node-RED's `tls-config` node. */
interface TlsConfigNode extends Node {
  addTLSOptions(options: object): object;
}

/** Returns the settings of a `tls-config` node as options of Node.js's tls.connect. */
export function tlsOptions<T extends object>(RED: NodeAPI, id: string): T {
  const node = RED.nodes.getNode(id) as TlsConfigNode | null;
  if (!node)
    throw new OptionsError(['the TLS settings are missing or disabled: choose others in the dialog']);
  return node.addTLSOptions({}) as T;
}

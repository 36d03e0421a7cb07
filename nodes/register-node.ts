import type { Node, NodeAPI, NodeCredentials, NodeDef } from 'node-red';
import { readProperties, type Properties, type Rules, type Stored } from './properties.ts';
import { StatusLine } from './status.ts';

/** What a node's file is given to start with. */
export interface Opening<R extends Rules> {
  RED: NodeAPI;
  node: Node;
  properties: Properties<R>;
  status: StatusLine;
}

/** Ends a node; `removed` is true when it was deleted or disabled, false for a restart or redeploy. */
export type Close = (removed: boolean) => Promise<void> | void;

interface NodeKind<R extends Rules> {
  type: string;
  rules: R;
  credentials?: NodeCredentials<Record<string, string>>;
  open(opening: Opening<R>): Close;
}

/**
 * Registers a node type. A node whose properties are wrong turns red and says why; all others run.
 */
export function registerNode<R extends Rules>(RED: NodeAPI, kind: NodeKind<R>): void {
  function construct(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    startNode(RED, this, { kind, stored: { ...definition } });
  }
  RED.nodes.registerType(kind.type, construct, kind.credentials ? { credentials: kind.credentials } : {});
}

function startNode<R extends Rules>(
  RED: NodeAPI,
  node: Node,
  { kind, stored }: { kind: NodeKind<R>; stored: Stored },
): void {
  const status = new StatusLine((shown) => node.status(shown));
  const { properties, mistakes } = readProperties(kind.rules, stored);
  if (mistakes.length > 0) {
    refuse(node, status, mistakes.join('; '));
    return;
  }
  try {
    const close = kind.open({ RED, node, properties, status });
    node.on(
      'close',
      (removed: boolean, done: () => void) => void closeNode(node, () => close(removed), done),
    );
  } catch (error) {
    refuse(node, status, (error as Error).message);
  }
  node.on('close', () => status.close());
}

function refuse(node: Node, status: StatusLine, reason: string): void {
  status.show({ fill: 'red', shape: 'ring', text: reason });
  node.error(reason);
}

/** Node-RED waits for `done`, and it ignores what a close handler throws. */
async function closeNode(node: Node, close: () => Promise<void> | void, done: () => void): Promise<void> {
  try {
    await close();
  } catch (error) {
    node.warn(`did not close cleanly: ${(error as Error).message}`);
  }
  done();
}

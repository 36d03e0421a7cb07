import type { Node, NodeAPI, NodeCredentials, NodeDef } from 'node-red';
import { readProperties, type Properties, type Rules } from './properties.ts';
import { StatusLine } from './status.ts';

/** Ends something that a node opened; `removed`: the node was deleted or disabled, it is no restart or redeploy. */
export type Release = (removed: boolean) => Promise<void> | void;

/** What a node is given to start with. */
export interface Opening<R extends Rules> {
  RED: NodeAPI;
  node: Node;
  properties: Properties<R>;
  status: StatusLine;
  /** Say right after opening something how it ends: when the node closes, what was opened last ends first. */
  onClose: (release: Release) => void;
}

interface NodeKind<R extends Rules> {
  type: string;
  rules: R;
  credentials?: NodeCredentials<Record<string, string>>;
  open(opening: Opening<R>): void;
}

/** Registers a node type. A node whose properties are wrong turns red and says why; all others run. */
export function registerNode<R extends Rules>(RED: NodeAPI, kind: NodeKind<R>): void {
  function construct(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    const status = new StatusLine((shown) => this.status(shown));
    const releases: Release[] = [() => status.close()];
    try {
      const properties = readProperties(kind.rules, { ...definition });
      kind.open({ RED, node: this, properties, status, onClose: (release) => releases.push(release) });
    } catch (error) {
      const { message } = error as Error;
      status.show({ fill: 'red', shape: 'ring', text: message });
      this.error(message);
    }
    this.on('close', (removed: boolean, done: () => void) => {
      void releaseAll(releases, { node: this, removed }).then(done);
    });
  }
  RED.nodes.registerType(kind.type, construct, kind.credentials ? { credentials: kind.credentials } : {});
}

/** Never rejects: Node-RED ignores errors here, and what stands before in the list has to end all the same. */
async function releaseAll(
  releases: Release[],
  { node, removed }: { node: Node; removed: boolean },
): Promise<void> {
  for (const release of releases.toReversed()) {
    try {
      await release(removed);
    } catch (error) {
      node.warn(`did not close cleanly: ${(error as Error).message}`);
    }
  }
}

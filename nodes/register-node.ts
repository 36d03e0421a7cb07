import type { Node, NodeAPI, NodeCredentials, NodeDef } from 'node-red';
import { OptionsError } from '../src/index.ts';
import { onInput } from './input.ts';
import type { Rules, Stored } from '../src/options/rule.ts';
import { readProperties, unsetVariable, type Properties } from './properties.ts';
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

/** A node that did not open. */
export interface Broken extends Pick<Opening<Rules>, 'RED' | 'node' | 'onClose'> {
  /** What the editor stored. */
  stored: Stored;
}

interface NodeKind<R extends Rules> {
  type: string;
  rules: R;
  credentials?: NodeCredentials<Record<string, string>>;
  open(opening: Opening<R>): void;
  /** Keeps what comes for a node that did not open; `stored` is what the editor stored. */
  reserve?(broken: Broken): void;
}

/** Registers a node type. A node whose properties are wrong turns red and says why; all others run. */
export function registerNode<R extends Rules>(RED: NodeAPI, kind: NodeKind<R>): void {
  function construct(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    const status = new StatusLine((shown) => this.status(shown));
    const releases: Release[] = [() => status.close()];
    const onClose = (release: Release) => releases.push(release);
    const stored = { ...definition };
    try {
      checkCredentials(this);
      const properties = readProperties(kind.rules, stored);
      kind.open({ RED, node: this, properties, status, onClose });
    } catch (error) {
      const { message } = error as Error;
      status.show({ fill: 'red', shape: 'ring', text: message });
      this.error(message);
      refuse(this, message);
      // The editor keeps a status until there is another one.
      onClose(() => this.status({}));
      kind.reserve?.({ RED, node: this, stored, onClose });
    }
    this.on('close', (removed: boolean, done: () => void) => {
      void releaseAll(releases, { node: this, removed }).then(done);
    });
  }
  RED.nodes.registerType(kind.type, construct, kind.credentials ? { credentials: kind.credentials } : {});
}

function checkCredentials({ credentials }: Node): void {
  for (const [name, value] of Object.entries(Object(credentials) as Stored)) {
    const mistake = unsetVariable(value);
    if (mistake !== undefined) throw new OptionsError([`\`${name}\` ${mistake}`]);
  }
}

/** A delivery waits for the node, see settlement/; a message that nobody waits for is an error for Catch nodes. */
function refuse(node: Node & { mistake?: string }, mistake: string): void {
  node.mistake = mistake;
  onInput(node, () => Promise.reject(new OptionsError([mistake])));
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

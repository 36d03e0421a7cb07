import type { Node, NodeAPI, NodeCredentials, NodeDef, NodeMessage } from 'node-red';
import { OptionsError } from '../src/index.ts';
import type { Rules, Stored } from '../src/options/rule.ts';
import { readProperties, unsetVariable, type Properties } from './properties.ts';
import { StatusLine } from './status.ts';

/** Closes something that a node opened. `removed`: the node was deleted or disabled, not restarted. */
type Release = (removed: boolean) => Promise<void> | void;

/** Arguments of a node's `open`. */
export interface Opening<R extends Rules> {
  RED: NodeAPI;
  node: Node;
  properties: Properties<R>;
  status: StatusLine;
  /** Adds a function to call when the node closes. The last one added is called first. */
  onClose: (release: Release) => void;
}

/** A node that did not start. */
export interface Broken extends Pick<Opening<Rules>, 'RED' | 'node' | 'onClose'> {
  /** Properties as stored by the editor. */
  stored: Stored;
}

interface NodeKind<R extends Rules> {
  type: string;
  rules: R;
  credentials?: NodeCredentials<Record<string, string>>;
  open(opening: Opening<R>): void;
  /** Keeps the messages of a node that did not start. */
  reserve?(broken: Broken): void;
}

/** Registers a node type. A node with invalid properties shows the reason in a red status; other nodes run. */
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
      showMistake({ node: this, status }, error as Error);
      refuse(this, (error as Error).message);
      // The editor shows the last status until it is cleared.
      onClose(() => this.status({}));
      kind.reserve?.({ RED, node: this, stored, onClose });
    }
    this.on('close', (removed: boolean, done: () => void) => {
      void releaseAll(releases, { node: this, removed }).then(done);
    });
  }
  RED.nodes.registerType(kind.type, construct, kind.credentials ? { credentials: kind.credentials } : {});
}

/** Shows why a node does not work, in its status and in the log. */
export function showMistake(
  { node, status }: Pick<Opening<Rules>, 'node' | 'status'>,
  { message }: Error,
): void {
  status.show({ fill: 'red', shape: 'ring', text: message });
  node.error(message);
}

function checkCredentials({ credentials }: Node): void {
  for (const [name, value] of Object.entries(Object(credentials) as Stored)) {
    const mistake = unsetVariable(value);
    if (mistake !== undefined) throw new OptionsError([`\`${name}\` ${mistake}`]);
  }
}

/** Refuses messages of a node that did not start. Deliveries wait for the node (see settlement/); others are errors. */
function refuse(node: Node & { mistake?: string }, mistake: string): void {
  node.mistake = mistake;
  onInput(node, () => Promise.reject(new OptionsError([mistake])));
}

type Send = (msg: NodeMessage | (NodeMessage | null)[]) => void;

/**
 * Handles a node's input with an async function, and calls `done` once, with the error if there is one. Node-RED does
 * not await handlers, so an unhandled rejection would end it.
 */
export function onInput(node: Node, handle: (msg: NodeMessage, send: Send) => Promise<void>): void {
  node.on('input', (msg, send, done) => {
    handle(msg, send).then(
      () => done(),
      (error: Error) => done(error),
    );
  });
}

/** Calls all functions in reverse order, even if one fails. Never rejects. */
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

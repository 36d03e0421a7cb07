import type { Node, NodeAPI } from 'node-red';
import { OptionsError, type Connection } from '../src/index.ts';

/** A config node: what it shares, or the mistake that keeps it from opening. */
export interface ConfigNode<T> extends Node {
  shared?: T;
  mistake?: string;
}

/** What the config node `id` shares; throws OptionsError where it is missing, disabled or wrong itself. */
export function sharedBy<T>(RED: NodeAPI, id: string, what: string): T {
  // Node-RED's getNode gives whatever node has this id.
  const node = RED.nodes.getNode(id) as ConfigNode<T> | null;
  if (!node) throw new OptionsError([`the ${what} is missing or disabled: choose one in the dialog`]);
  if (node.shared) return node.shared;
  throw new OptionsError([
    `the ${what} is not configured correctly: ${node.mistake ?? 'choose another one'}`,
  ]);
}

export type Listener = (connection: Connection) => void;

/**
 * The nodes that use a config node. Each hears how the connection is; and since Node-RED closes a config node
 * together with its users, the config node waits here until the last one has let go.
 */
export class Users {
  readonly #listeners = new Set<Listener>();
  #connection: Connection = { state: 'connecting' };
  #whenFree: (() => void) | undefined;

  get connection(): Connection {
    return this.#connection;
  }

  /** Adds a user; call what it returns when the user has ended. */
  add(listener: Listener): () => void {
    // Two nodes may pass the same function.
    const own: Listener = (connection) => listener(connection);
    this.#listeners.add(own);
    own(this.#connection);
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#whenFree?.();
    };
  }

  report(connection: Connection): void {
    this.#connection = connection;
    for (const listener of this.#listeners) listener(connection);
  }

  /** Resolves when no user is left. */
  async free(): Promise<void> {
    if (this.#listeners.size > 0) await new Promise<void>((resolve) => (this.#whenFree = resolve));
  }
}

/** Writes what it is told of a connection to the log, where a person may have to act on it. */
export function logConnection(node: Node, name: string): Listener {
  return (connection) => {
    if (connection.state === 'connected') node.log(`connected to ${name}`);
    if (connection.state === 'waiting')
      node.warn(`${name} is away, trying again by itself: ${connection.reason}`);
    if (connection.state === 'failed') node.error(`${name} refuses the connection: ${connection.reason}`);
  };
}

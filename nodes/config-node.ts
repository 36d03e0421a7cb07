import type { Node, NodeAPI, NodeDef } from 'node-red';
import { oncePerOutage, OptionsError, type Connection } from '../src/index.ts';

/** A config node: has a shared object, or a mistake if it did not start. */
export interface ConfigNode<T> extends Node {
  shared?: T;
  mistake?: string;
}

/**
 * Returns the shared object of a config node.
 *
 * @throws OptionsError if the node is missing, disabled or did not start
 */
export function sharedBy<T>(RED: NodeAPI, id: string, what: string): T {
  // getNode returns any type of node with this ID.
  const node = RED.nodes.getNode(id) as ConfigNode<T> | null;
  if (!node) throw new OptionsError([`${what} missing or disabled: choose one in the dialog`]);
  if (node.shared) return node.shared;
  throw new OptionsError([`${what} not configured correctly: ${node.mistake ?? 'choose another one'}`]);
}

export type StartedConfig<T> = ConfigNode<T> & { shared: T };

/** Returns the deployed config nodes of a type that have started. */
export function startedConfigs<T>(RED: NodeAPI, wanted: string): StartedConfig<T>[] {
  const found: (ConfigNode<T> | null)[] = [];
  RED.nodes.eachNode(({ id, type }: NodeDef) => {
    if (type === wanted) found.push(RED.nodes.getNode(id));
  });
  return found.filter((node): node is StartedConfig<T> => node?.shared !== undefined);
}

export type ConnectionListener = (connection: Connection) => void;

/**
 * The nodes that use a config node. Each is notified of the state of the connection. Node-RED closes a config node
 * together with its users, so the config node waits here until the last user has ended.
 */
export class Users {
  readonly #listeners = new Set<ConnectionListener>();
  #connection: Connection = { state: 'connecting' };
  #whenFree: (() => void) | undefined;

  get connection(): Connection {
    return this.#connection;
  }

  /** Adds a user; call the returned function when the user has ended. */
  add(listener: ConnectionListener): () => void {
    // Wrap the listener, because two nodes may pass the same function.
    const own: ConnectionListener = (connection) => listener(connection);
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

  /** Resolves when there are no more users. */
  async free(): Promise<void> {
    if (this.#listeners.size > 0) await new Promise<void>((resolve) => (this.#whenFree = resolve));
  }
}

/** Logs changes of a connection, each outage once. */
export function logConnection(node: Node, name: string): ConnectionListener {
  return oncePerOutage((connection) => {
    if (connection.state === 'connected') node.log(`connected to ${name}`);
    if (connection.state === 'waiting') node.warn(`${name} is unreachable, retrying: ${connection.reason}`);
    if (connection.state === 'failed') node.error(`${name} refuses the connection: ${connection.reason}`);
  });
}

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

import type { Node, NodeAPI, NodeDef } from 'node-red';
import { until } from './until.ts';

type Msg = Record<string, unknown>;

/** The messages that a `sink` node got, including those before a redeploy. */
export interface Probe {
  messages: Msg[];
  /** Set it to true to hold messages from now on until the test settles each. */
  holds: boolean;
  held: { msg: Msg; done: (error?: Error) => void }[];
  /** Resolves when `count` messages have arrived, at least one. */
  got(count: number): Promise<[Msg, ...Msg[]]>;
}

const probes = new Map<string, Probe>();

/** Records the messages of the `sink` node with this ID. Call it before the deploy. */
export function probe(id: string, { holds = false } = {}): Probe {
  const messages: Msg[] = [];
  const got = async (count: number) => {
    await until(`${id} has got ${count} messages`, () => messages.length >= count);
    return messages as [Msg, ...Msg[]];
  };
  const begun: Probe = { messages, holds, held: [], got };
  probes.set(id, begun);
  return begun;
}

/** Registers node types for tests. */
export function registerTestNodes(RED: NodeAPI): void {
  const register = (type: string, start: (node: Node) => void) => {
    function construct(this: Node, definition: NodeDef): void {
      RED.nodes.createNode(this, definition);
      start(this);
    }
    // In an embedded Node-RED, the first parameter is the node set of the type.
    const nodes = RED.nodes as unknown as { registerType(set: string, type: string, node: unknown): void };
    nodes.registerType(`test/${type}`, type, construct);
  };

  register('test-probe', (node) => {
    node.on('input', (msg, send, done) => {
      const { messages, holds, held } = probes.get(node.id) ?? probe(node.id);
      messages.push({ ...msg });
      if (holds) {
        held.push({ msg: { ...msg }, done });
        return;
      }
      send(msg);
      done();
    });
  });
  register('test-no-handler', () => undefined);
  register('test-never-done', (node) => {
    node.on('input', (_msg, _send, _done) => undefined);
  });
}

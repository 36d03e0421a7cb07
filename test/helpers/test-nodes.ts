import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import type { Delivery } from '../../src/index.ts';
import { openSettlement, type DeliverMessageOptions } from '../../nodes/settlement.ts';

/** A node that delivers messages as our own sources do. */
export interface TestSource extends Node {
  deliver(msg: NodeMessage, options?: Omit<DeliverMessageOptions, 'send'>): Delivery;
}

/** Node types that only tests have: a source that delivers, and nodes of the kinds that contributors write. */
export function registerTestNodes(RED: NodeAPI): void {
  const register = (type: string, start: (node: Node) => void) => {
    function construct(this: Node, definition: NodeDef): void {
      RED.nodes.createNode(this, definition);
      start(this);
    }
    // With an embedded Node-RED the first parameter is the set that the type belongs to.
    const nodes = RED.nodes as unknown as { registerType(set: string, type: string, node: unknown): void };
    nodes.registerType(`test/${type}`, type, construct);
  };

  register('test-source', (node) => {
    const settlement = openSettlement(RED);
    (node as TestSource).deliver = (msg, options) =>
      settlement.deliver(msg, { ...options, send: (tagged) => node.send(tagged) });
    node.on('close', () => settlement.close());
  });
  register('test-old-style', (node) => {
    node.on('input', (msg) => node.send(msg));
  });
  register('test-old-style-failing', (node) => {
    node.on('input', function (msg) {
      node.error('old failure', msg);
    });
  });
  register('test-throwing', (node) => {
    node.on('input', (_msg, _send, _done) => {
      throw new Error('thrown');
    });
  });
  register('test-two-handlers', (node) => {
    node.on('input', (_msg, _send, done) => setTimeout(done, 20));
    node.on('input', (msg, send, done) => {
      send(msg);
      done();
    });
  });
  register('test-never-done', (node) => {
    node.on('input', (_msg, _send, _done) => undefined);
  });
}

/** Runs wirings in a real Node-RED, and checks the result of a delivery sent through them. */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Node, NodeMessage } from 'node-red';
import type { Delivery, DeliveryContext, DeliveryOptions } from '../../../src/index.ts';
import { openSettlement } from '../../../nodes/settlement/settlement.ts';
import { flow, node, type Part } from './notation.ts';
import type { NodeFile } from './start.ts';
import { startNodeRed, type NodeRed } from './start.ts';
import { until } from '../../helpers/until.ts';

export interface Wiring {
  /** The nodes; the first gets the message. `end` is always added. */
  flow: Record<string, Part>;
  msg?: NodeMessage;
  options?: DeliveryOptions<DeliveryContext>;
  /** How many messages `end` has finished with when the delivery settles. Default: 0. */
  ends?: number;
  /** The delivery is rejected with this message. */
  rejects?: string | RegExp;
  /** The node that reported the error. */
  by?: string;
  /** The delivery does not settle and has these holders. */
  held?: string[];
}

export interface Source extends Node {
  deliver(msg: NodeMessage, options?: DeliveryOptions<DeliveryContext>): Delivery;
}

export interface End extends Node {
  finished: number;
}

/**
 * A node that sends messages into a flow, like those of this package. It sends a message that it gets as a new
 * delivery.
 */
const sourceOf = (type: string): NodeFile => {
  return (RED) => {
    function TestSource(this: Source, definition: never) {
      RED.nodes.createNode(this, definition);
      const settlement = openSettlement(RED, this);
      this.deliver = (msg, options) => settlement.deliver(msg, (copy) => this.send(copy), options);
      this.on('input', (msg, _send, done) => void relay(this.deliver(msg), done));
      this.on('close', () => settlement.close());
    }
    RED.nodes.registerType(type, TestSource);
  };
};

async function relay(delivery: Delivery, done: (error?: Error) => void): Promise<void> {
  done(await outcome(delivery));
}

/** The last node of a flow. It is slow, so that a delivery that settles too early fails the test. */
const end: NodeFile = (RED) => {
  function TestEnd(this: End, definition: never) {
    RED.nodes.createNode(this, definition);
    this.finished = 0;
    this.on('input', (_msg, _send, done) => {
      setTimeout(() => {
        this.finished += 1;
        done();
      }, 5);
    });
  }
  RED.nodes.registerType('test-end', TestEnd);
};

/** Two node sets with sources: Node-RED passes each its own RED object. */
export const testNodes = {
  'test-source': sourceOf('test-source'),
  'other-source': sourceOf('other-source'),
  'test-end': end,
};

/** A node type with these input handlers. */
export function contributed(type: string, ...handlers: ((this: Node, ...args: never[]) => void)[]): NodeFile {
  return (RED) => {
    function Contributed(this: Node, definition: never) {
      RED.nodes.createNode(this, definition);
      // Don't wrap the handlers: Node-RED counts their parameters.
      for (const handler of handlers) this.on('input', handler as never);
    }
    RED.nodes.registerType(type, Contributed);
  };
}

export function fn(func: string, ...outputs: string[]): Part {
  return node('function', { func, outputs: outputs.length }, ...outputs);
}

/** Returns the flow of a wiring: `source` is wired to its first node. */
export function sourceFlow(nodes: Record<string, Part>) {
  const first = Object.keys(nodes)[0] ?? '';
  return flow({ source: node('test-source', {}, first), ...nodes, end: node('test-end') });
}

/** Defines a suite with one test per wiring. */
export function wirings(
  title: string,
  table: Record<string, Wiring>,
  nodes: Record<string, NodeFile> = {},
): void {
  describe(title, () => {
    let red: NodeRed;
    before(async () => {
      red = await startNodeRed({ nodes: { ...testNodes, ...nodes } });
    });
    after(() => red.stop());

    for (const [rule, wiring] of Object.entries(table)) {
      it(rule, async () => {
        await red.deploy(sourceFlow(wiring.flow));
        const delivery = (red.node('source') as Source).deliver(
          { payload: 1, ...wiring.msg },
          wiring.options,
        );
        if (wiring.held) await assertHeld(delivery, wiring.held);
        else await assertSettles(delivery, wiring);
        assert.equal((red.node('end') as End).finished, wiring.ends ?? 0, 'messages that reached the end');
      });
    }
  });
}

async function assertSettles(delivery: Delivery, { rejects, by }: Wiring): Promise<void> {
  const error = await outcome(delivery);
  if (rejects === undefined) assert.equal(error, undefined);
  else if (typeof rejects === 'string') assert.equal(error?.message, rejects);
  else assert.match(error?.message ?? '', rejects);
  if (by !== undefined) assert.equal((error as { node?: string }).node, by);
  assert.deepEqual(delivery.holders(), []);
}

async function assertHeld(delivery: Delivery, holders: string[]): Promise<void> {
  let settled = false;
  delivery.settled.finally(() => (settled = true)).catch(() => {});
  await until(`held by ${holders.join()}`, () => delivery.holders().join() === holders.join());
  for (let turns = 0; turns < 20; turns += 1) await turn();
  assert.equal(settled, false);
}

/** Returns the error of a rejected delivery, or undefined. Abandons a delivery that does not settle. */
export async function outcome(delivery: Delivery): Promise<Error | undefined> {
  const abandon = () => delivery.abandon(new Error(`not settled, held by ${delivery.holders().join(', ')}`));
  const timer = setTimeout(abandon, 60_000);
  try {
    await delivery.settled;
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    clearTimeout(timer);
  }
}

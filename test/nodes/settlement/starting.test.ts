import assert from 'node:assert/strict';
import type { Node } from 'node-red';
import { InterruptedError, type Delivery } from '../../../src/index.ts';
import { openSettlement } from '../../../nodes/settlement/settlement.ts';
import { flow, node, subflow } from './notation.ts';
import { startNodeRed, type NodeFile, type NodeRed } from './start.ts';
import { fn, outcome, testNodes, type End } from './wiring.ts';

interface Eager extends Node {
  first: Delivery;
}

/** A source that sends a waiting message as soon as it is created. */
const eagerSource: NodeFile = (RED) => {
  function EagerSource(this: Eager, definition: never) {
    RED.nodes.createNode(this, definition);
    const settlement = openSettlement(RED, this);
    this.first = settlement.deliver({ payload: 1 }, (copy) => this.send(copy));
    this.on('close', () => settlement.close());
  }
  RED.nodes.registerType('eager-source', EagerSource);
};

const source = node('eager-source', {}, 'a');

describe('settlement: a message sent while Node-RED creates the nodes', () => {
  let red: NodeRed;
  const first = () => outcome((red.node('source') as Eager).first);
  before(async () => {
    red = await startNodeRed({ nodes: { ...testNodes, 'eager-source': eagerSource } });
  });
  after(() => red.stop());

  const missing = {
    'a node': { a: fn('return msg;', 'end') },
    'a subflow': {
      a: node('subflow:sub', {}, 'end'),
      sub: subflow('b', 'b'),
      b: { ...fn('return msg;', ''), z: 'sub' },
    },
  };
  for (const [title, nodes] of Object.entries(missing)) {
    it(`to ${title} that is created later is interrupted`, async () => {
      await red.deploy([]);
      await red.deploy(flow({ source, ...nodes, end: node('test-end') }));
      const error = await first();
      assert.ok(error instanceof InterruptedError, String(error));
      assert.match(error.message, /a node behind eager-source source/);
    });

    for (const type of ['full', 'flows', 'nodes'] as const) {
      it(`to ${title} that a deploy restarts later is interrupted (${type})`, async () => {
        const flows = flow({ source, ...nodes, end: node('test-end') });
        await red.deploy(flows);
        const changed = flows.map((item) =>
          ['source', 'a', 'b'].includes(item.id) ? { ...item, name: 'changed' } : item,
        );
        await red.deploy(changed, type);
        assert.ok((await first()) instanceof InterruptedError);
      });
    }
  }

  it('to a node that was created before reaches it', async () => {
    await red.deploy(flow({ end: node('test-end'), a: fn('return msg;', 'end'), source }));
    assert.equal(await first(), undefined);
    assert.equal((red.node('end') as End).finished, 1);
  });
});

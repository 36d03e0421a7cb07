import assert from 'node:assert/strict';
import { InterruptedError, NodeError } from '../../../src/index.ts';
import { deliveryProperty } from '../../../nodes/settlement/settlement.ts';
import { node } from './notation.ts';
import { startNodeRed, type NodeRed } from './start.ts';
import { until } from '../../helpers/until.ts';
import { fn, outcome, sourceFlow, testNodes, type End, type Source } from './wiring.ts';

const hookNames = [
  'onSend',
  'onReceive',
  'postReceive',
  'onComplete',
  'preRoute',
  'preDeliver',
  'postDeliver',
];
const never = fn('setTimeout(() => node.done(), 1e6);', '');

describe('settlement: lifecycle', () => {
  let red: NodeRed;
  const source = (id = 'source') => red.node(id) as Source;
  const end = () => red.node('end') as End;
  const hooksInPlace = () => hookNames.filter((name) => red.RED.hooks.has(name));
  beforeEach(async () => {
    red = await startNodeRed({ nodes: testNodes });
  });
  afterEach(() => red.stop());

  describe('hooks', () => {
    const following = ['onReceive', 'postReceive', 'onComplete', 'preDeliver'];
    const other = { id: 'other', ...node('other-source') };

    it('are installed only while a node uses them', async () => {
      assert.deepEqual(hooksInPlace(), []);
      await red.deploy(sourceFlow({}));
      assert.deepEqual(hooksInPlace(), following);
      await red.deploy([]);
      assert.deepEqual(hooksInPlace(), []);
    });

    it('are shared by nodes of different node sets, and removed with the last one', async () => {
      await red.deploy([...sourceFlow({}), other]);
      assert.deepEqual(hooksInPlace(), following);
      await red.deploy([...sourceFlow({}).filter(({ id }) => id !== 'source'), other], 'nodes');
      assert.deepEqual(hooksInPlace(), following);
      await red.deploy([], 'nodes');
      assert.deepEqual(hooksInPlace(), []);
    });

    it('are not left behind by redeploys', async () => {
      await red.deploy(sourceFlow({}));
      for (let count = 0; count < 5; count += 1) await red.deploy([...sourceFlow({}), other]);
      assert.equal(await outcome(source().deliver({})), undefined);
      assert.deepEqual(hooksInPlace(), following);
      await red.deploy([]);
      assert.deepEqual(hooksInPlace(), []);
    });

    it('restore the method that logs errors', async () => {
      const onlyEnd = sourceFlow({}).filter(({ id }) => id !== 'source');
      await red.deploy(onlyEnd);
      const before = errorMethod(end());
      await red.deploy(sourceFlow({}));
      assert.notEqual(errorMethod(end()), before);
      await red.deploy(sourceFlow({}));
      await red.deploy(onlyEnd);
      assert.equal(errorMethod(end()), before);
    });
  });

  describe('a message', () => {
    it('is not changed: its copy has the ID of the delivery in a string property', async () => {
      await red.deploy(sourceFlow({ a: fn('msg.report(msg._fpDelivery);') }));
      let reported: unknown;
      const msg = { payload: 1, report: (id: unknown) => (reported = id) };
      const delivery = source().deliver(msg);
      await delivery.settled;
      assert.equal(reported, delivery.id);
      assert.deepEqual(Object.keys(msg), ['payload', 'report']);
      assert.equal(deliveryProperty, '_fpDelivery');
    });

    it('that cannot be sent rejects the delivery', async () => {
      await red.deploy(sourceFlow({ a: fn('return msg;', ''), b: fn('return msg;', '') }));
      source().updateWires([['a', 'b']] as never);
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      assert.ok((await outcome(source().deliver({ payload: proxy }))) instanceof NodeError);
    });

    it('that a node keeps and sends again later is no longer followed', async () => {
      const keep = fn('const last = flow.get("last"); flow.set("last", msg); return last;', 'end');
      await red.deploy(sourceFlow({ a: keep }));
      assert.equal(await outcome(source().deliver({})), undefined);
      const second = source().deliver({});
      assert.equal(await outcome(second), undefined);
      await until('the first message reached the end', () => end().finished === 1);
    });

    it('that belongs to a delivery can be sent as another delivery: the first waits for the second', async () => {
      await red.deploy(sourceFlow({ a: node('other-source', {}, 'b'), b: fn('return msg;', 'end') }));
      assert.equal(await outcome(source().deliver({})), undefined);
      assert.equal(end().finished, 1);
    });

    it('that fails in the second delivery fails the first', async () => {
      await red.deploy(sourceFlow({ a: node('other-source', {}, 'b'), b: fn('throw new Error("boom");') }));
      assert.equal((await outcome(source().deliver({})))?.message, 'boom');
    });
  });

  describe('a delivery', () => {
    it('that is abandoned is rejected immediately with the given error, and ignores later events', async () => {
      await red.deploy(
        sourceFlow({ a: fn('await new Promise((r) => setTimeout(r, 5)); return msg;', 'end') }),
      );
      const delivery = source().deliver({});
      const reason = new Error('out of time');
      delivery.abandon(reason);
      assert.equal(await outcome(delivery), reason);
      await until('the flow has finished', () => end().finished === 1);
    });

    it('stays with a node that a deploy replaced, and still names it', async () => {
      await red.deploy(sourceFlow({ a: { ...fn('await new Promise(() => {});', ''), name: 'sleeper' } }));
      const delivery = source().deliver({});
      await until('it is held', () => delivery.holders().join() === 'sleeper (function)');
      await red.deploy(sourceFlow({ a: fn('return msg;', 'end') }), 'nodes');
      assert.deepEqual(delivery.holders(), ['sleeper (function)']);
      assert.equal(await outcome(source().deliver({})), undefined);
      assert.deepEqual(delivery.holders(), ['sleeper (function)']);
      delivery.abandon(new Error('enough'));
      assert.equal((await outcome(delivery))?.message, 'enough');
    });

    it('is rejected as interrupted when its sender closes', async () => {
      await red.deploy(sourceFlow({ a: never }));
      const delivery = source().deliver({});
      await until('it is held', () => delivery.holders().join() === 'function a');
      await red.deploy([]);
      const error = await outcome(delivery);
      assert.ok(error instanceof InterruptedError);
      assert.match(error.message, /function a/);
    });

    it('of another sender continues when a sender closes', async () => {
      const flows = [
        ...sourceFlow({ a: fn('await new Promise((r) => setTimeout(r, 50)); return msg;', 'end') }),
        { id: 'other', ...node('other-source', {}, 'a') },
      ];
      await red.deploy(flows);
      const delivery = source('other').deliver({});
      await red.deploy(
        flows.filter(({ id }) => id !== 'source'),
        'nodes',
      );
      assert.equal(await outcome(delivery), undefined);
      assert.equal(end().finished, 1);
    });
  });
});

/** Returns the inherited method that logs errors. */
function errorMethod({ error }: { error: unknown }): unknown {
  return error;
}

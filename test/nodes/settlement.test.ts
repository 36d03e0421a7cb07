import assert from 'node:assert/strict';
import type { Delivery } from '../../src/index.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { freePort } from '../helpers/servers.ts';
import { registerTestNodes, type TestSource } from '../helpers/test-nodes.ts';
import { until } from '../helpers/until.ts';
import { failingWirings } from './failing-wirings.ts';
import { catcher, delay, fn, last, n, wirings } from './wirings.ts';

describe('settlement', () => {
  let red: TestNodeRed;

  before(async function () {
    this.timeout(60_000);
    red = await sharedNodeRed();
    registerTestNodes(red.RED);
  });

  async function source(flow: FlowNode[]): Promise<TestSource> {
    const first = flow[0] ? [flow[0].id] : [];
    await red.deploy([n('source', 'test-source', [first]), ...flow]);
    return red.node<TestSource>('source');
  }

  for (const { title, flow, payload = 'x', msg = {}, rejects, held } of [...wirings, ...failingWirings]) {
    it(title, async () => {
      const delivery = (await source(flow)).deliver({ payload, ...msg });
      if (held) await expectHeld(delivery, held);
      else if (rejects) await assert.rejects(delivery.settled, rejects);
      else await delivery.settled;
      assert.deepEqual(held ? [] : delivery.holders(), []);
    });
  }

  it('an http request to a port where nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const flow = [n('h', 'http request', ['last'], { method: 'GET', ret: 'txt', url }), last];
    const { settled } = (await source(flow)).deliver({ payload: '' });
    await settled.then(
      () => undefined,
      (error: Error) => assert.match(error.message, /ECONNREFUSED|no response/i),
    );
  });

  it('errors that a Catch node handles may be left to it', async () => {
    const flow = [fn('f', 'throw new Error("caught")'), catcher(['last']), last];
    await (await source(flow)).deliver({ payload: 1 }, { errors: 'unhandled' }).settled;
  });

  it('an error that no Catch node handles rejects all the same', async () => {
    const flow = [fn('f', 'throw new Error("not caught")')];
    await assert.rejects(
      (await source(flow)).deliver({ payload: 1 }, { errors: 'unhandled' }).settled,
      /not caught/,
    );
  });

  it('an error within the branch of a Catch node is not handled by it', async () => {
    const flow = [
      fn('f', 'throw new Error("caught")'),
      catcher(['g'], { scope: ['f'] }),
      fn('g', 'throw new Error("in the branch")'),
    ];
    await assert.rejects(
      (await source(flow)).deliver({ payload: 1 }, { errors: 'unhandled' }).settled,
      /in the branch/,
    );
  });

  it('a thousand deliveries at once settle each by itself', async () => {
    const flow = [
      delay('d', ['g'], '50'),
      fn('g', 'if (msg.payload % 10 === 0) throw new Error("tenth"); return msg', ['last']),
      last,
    ];
    const node = await source(flow);
    const deliveries = Array.from({ length: 1000 }, (_value, i) => node.deliver({ payload: i }));
    const ends = await Promise.allSettled(deliveries.map(({ settled }) => settled));
    assert.equal(ends.filter(({ status }) => status === 'rejected').length, 100);
  });

  it('two sources feeding one flow hear each of its own', async () => {
    const flow = [
      fn('f', 'if (msg.payload === "b") throw new Error("b failed"); return msg', ['last']),
      last,
    ];
    await red.deploy([n('a', 'test-source', ['f']), n('b', 'test-source', ['f']), ...flow]);
    const [a, b] = [red.node<TestSource>('a'), red.node<TestSource>('b')];
    await Promise.all([
      a.deliver({ payload: 'a' }).settled,
      assert.rejects(b.deliver({ payload: 'b' }).settled, /b failed/),
    ]);
  });

  it('an abandoned delivery rejects with the reason, and what comes later is ignored', async () => {
    const node = await source([delay('d', ['last']), last]);
    const delivery = node.deliver({ payload: 1 });
    delivery.abandon(new Error('no time left'));
    await assert.rejects(delivery.settled, /no time left/);
  });

  it('the hooks are there while a node needs them and gone with the last one', async () => {
    const hook = 'onComplete.flowerpower-settlement';
    const hooks = red.RED.hooks as unknown as { has(id: string): boolean };
    for (let i = 0; i < 3; i++) {
      await source([last]);
      assert.ok(hooks.has(hook));
    }
    await red.deploy([]);
    assert.ok(!hooks.has(hook));
  });
});

async function expectHeld(delivery: Delivery, names: string[]): Promise<void> {
  await until(`${names.join()} hold the message`, () => String(delivery.holders()) === String(names));
  let settled = false;
  const watch = delivery.settled.then(
    () => (settled = true),
    () => (settled = true),
  );
  // Every message that is on its way arrives within a few turns of the event loop.
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(settled, false);
  delivery.abandon(new Error('end of the test'));
  await watch;
}

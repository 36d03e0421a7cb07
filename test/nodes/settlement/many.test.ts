import assert from 'node:assert/strict';
import { node } from './notation.ts';
import { startNodeRed, type NodeRed } from './start.ts';
import { fn, outcome, sourceFlow, testNodes, type End, type Source } from './wiring.ts';

const wait = (milliseconds: string, ...outputs: string[]) =>
  fn(`await new Promise((r) => setTimeout(r, ${milliseconds})); return msg;`, ...outputs);
const isOdd = { t: 'jsonata_exp', v: 'payload % 2 = 1', vt: 'jsonata' };
const isEven = { t: 'jsonata_exp', v: 'payload % 2 = 0', vt: 'jsonata' };

describe('settlement: a thousand deliveries at once', () => {
  let red: NodeRed;
  const source = () => red.node('source') as Source;
  const end = () => red.node('end') as End;
  before(async () => {
    red = await startNodeRed({ nodes: testNodes });
  });
  after(() => red.stop());

  it('settle once each, with the result of their own message', async () => {
    await red.deploy(
      sourceFlow({
        a: wait('Math.random() * 20', 'b'),
        b: fn('if (msg.payload % 10 === 0) throw new Error(String(msg.payload)); return msg;', 'end'),
      }),
    );
    const numbers = Array.from({ length: 1000 }, (_, number) => number);
    const errors = await Promise.all(numbers.map((payload) => outcome(source().deliver({ payload }))));
    const messages = errors.map((error) => error?.message);
    assert.deepEqual(
      messages,
      numbers.map((number) => (number % 10 === 0 ? `${number}` : undefined)),
    );
    assert.equal(end().finished, 900);
  });

  it('do not settle while a switch node still has them in its queue', async () => {
    const rule = { t: 'eq', v: '1', vt: 'num' };
    await red.deploy(
      sourceFlow({
        a: node('switch', { property: 'kind', rules: [rule] }, 'b'),
        b: fn('msg.reached(); return msg;', 'end'),
      }),
    );
    const early: number[] = [];
    const deliveries = Array.from({ length: 1000 }, async (_, number) => {
      let reached = false;
      const delivery = source().deliver({ kind: 1, reached: () => (reached = true) });
      await delivery.settled;
      if (!reached) early.push(number);
    });
    // The same switch node also queues messages without a delivery.
    for (let number = 0; number < 1000; number += 1) red.node('a').receive({ kind: 2 });
    await Promise.all(deliveries);
    assert.deepEqual(early, []);
    assert.equal(end().finished, 1000);
  });

  it('do not settle while a switch node evaluates JSONata', async () => {
    await red.deploy(
      sourceFlow({
        a: node('switch', { property: 'payload', rules: [isOdd, isEven], outputs: 2 }, 'end', 'end'),
      }),
    );
    await Promise.all(Array.from({ length: 1000 }, (_, payload) => source().deliver({ payload }).settled));
    assert.equal(end().finished, 1000);
  });

  it('of two sources in one flow do not mix', async () => {
    const flows = sourceFlow({
      a: wait('Math.random() * 20', 'b'),
      b: fn('if (msg.fails) throw new Error("boom"); return msg;', 'end'),
    });
    const other = { id: 'other', ...node('other-source', {}, 'a') };
    await red.deploy([...flows, other]);
    const good = Array.from({ length: 500 }, () => outcome(source().deliver({})));
    const bad = Array.from({ length: 500 }, () =>
      outcome((red.node('other') as Source).deliver({ fails: true })),
    );
    assert.deepEqual(new Set(await Promise.all(good)), new Set([undefined]));
    assert.deepEqual(new Set((await Promise.all(bad)).map((error) => error?.message)), new Set(['boom']));
  });

  it('of a batch settle together when the batch is full', async () => {
    await red.deploy(sourceFlow({ a: node('batch', { mode: 'count', count: 1000, overlap: 0 }, 'end') }));
    const first = source().deliver({});
    const others = Array.from({ length: 998 }, () => source().deliver({}).settled);
    const last = source().deliver({});
    await Promise.all([first.settled, ...others, last.settled]);
    assert.equal(end().finished, 1000);
  });

  it('of a join settle with the joined message', async () => {
    const join = node('join', { mode: 'custom', build: 'array', count: '1000' }, 'a');
    const count = fn('if (msg.payload.length !== 1000) throw new Error("lost some"); return msg;', 'end');
    await red.deploy(sourceFlow({ join, a: count }));
    const early: number[] = [];
    const deliveries = Array.from({ length: 1000 }, async (_, payload) => {
      await source().deliver({ payload }).settled;
      if (end().finished === 0) early.push(payload);
    });
    await Promise.all(deliveries);
    assert.deepEqual(early, []);
    assert.equal(end().finished, 1);
  });
});

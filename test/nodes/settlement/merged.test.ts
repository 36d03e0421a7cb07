import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { Delivery } from '../../../src/index.ts';
import { node, type Part } from './notation.ts';
import { startNodeRed, type NodeRed } from './start.ts';
import { until } from '../../helpers/until.ts';
import { contributed, fn, outcome, sourceFlow, testNodes, type End, type Source } from './wiring.ts';

const join = (properties: object) =>
  node('join', { mode: 'custom', build: 'array', propertyType: 'msg', ...properties }, 'next');
const batch = (properties: object) => node('batch', { overlap: 0, ...properties }, 'all');
/** A batch sends several messages, so a join makes one of them. */
const all = node('join', { mode: 'auto' }, 'next');
const last = { parts: { id: 'x', index: 2, count: 3 } };
const part = (index: number) => ({ parts: { id: 'x', index, count: 3 } });

/** Nodes that merge the messages of three deliveries and send the result to `next`. */
const merging: Record<string, { flow: Record<string, Part>; msgs?: object[] }> = {
  'a join by number': { flow: { a: join({ count: '3' }) } },
  'a join of an object': {
    flow: { a: join({ count: '3', build: 'object', key: 'topic' }) },
    msgs: [{ topic: 'a' }, { topic: 'b' }, { topic: 'c' }],
  },
  'a join that merges objects': {
    flow: { a: join({ count: '3', build: 'merged' }) },
    msgs: [{ payload: { a: 1 } }, { payload: { b: 1 } }, { payload: { c: 1 } }],
  },
  'a join whose time is up': { flow: { a: join({ count: '', timeout: '0.05' }) } },
  'a join that is told that it is complete': {
    flow: { a: join({ count: '' }) },
    msgs: [{}, {}, { complete: true }],
  },
  'a join by parts': {
    flow: { a: node('join', { mode: 'auto' }, 'next') },
    msgs: [0, 1, 2].map((index) => ({ parts: { ...part(index).parts, type: 'array' } })),
  },
  'a join that reduces': {
    flow: {
      a: node(
        'join',
        {
          mode: 'reduce',
          reduceExp: '$A + payload',
          reduceInit: '0',
          reduceInitType: 'num',
          reduceFixup: '',
        },
        'next',
      ),
    },
    msgs: [part(0), part(1), last],
  },
  'a batch by number': { flow: { a: batch({ mode: 'count', count: 3 }), all } },
  'a batch of an interval': { flow: { a: batch({ mode: 'interval', interval: '0.05' }), all } },
  'a contributed node with a timer': { flow: { a: node('gathers', {}, 'next') } },
  'two joins, one after the other': {
    flow: {
      a: node('switch', { property: 'n', rules: [{ t: 'lt', v: '2', vt: 'num' }, { t: 'else' }] }, 'b', 'c'),
      b: node('join', { mode: 'custom', build: 'array', count: '2' }, 'c'),
      c: node('join', { mode: 'custom', build: 'array', count: '2' }, 'next'),
    },
    msgs: [{ n: 0 }, { n: 1 }, { n: 2 }],
  },
};

/** Nodes that send one of several messages, and drop the others. */
const dropping: Record<string, { flow: Record<string, Part>; more?: object[] }> = {
  'a function that counts': {
    flow: {
      a: fn('const n = (context.get("n") ?? 0) + 1; context.set("n", n); return n % 3 ? null : msg;', 'next'),
    },
  },
  'an asynchronous function': {
    flow: { a: fn('await Promise.resolve(); if (msg.n === 2) node.send(msg); return null;', 'next') },
  },
  'an asynchronous function whose runs end together': {
    flow: {
      a: fn(
        `let gate = context.get('gate');
         if (!gate) { gate = new Promise((resolve) => setTimeout(resolve, 50)); context.set('gate', gate); }
         await gate;
         if (msg.n === 2) node.send(msg);
         return null;`,
        'next',
      ),
    },
  },
  'a filter': { flow: { a: node('rbe', { func: 'rbe', inout: 'out', property: 'kind' }, 'next') } },
  'a rate limit': {
    flow: {
      a: node(
        'delay',
        { pauseType: 'rate', rate: '1', nbRateUnits: '1', rateUnits: 'minute', drop: true },
        'next',
      ),
    },
  },
  'a join that is reset': { flow: { a: join({ count: '9' }) }, more: [{ reset: true }] },
};

describe('settlement: nodes that merge messages', () => {
  let red: NodeRed;
  const source = () => red.node('source') as Source;
  const end = () => red.node('end') as End;
  const deliver = (msgs: object[]): Delivery[] =>
    msgs.map((msg, n) => source().deliver({ payload: n, n, ...msg }));

  before(async () => {
    red = await startNodeRed({ nodes: { ...testNodes, gathers, waits } });
  });
  after(() => red.stop());

  for (const [title, { flow, msgs = [{}, {}, {}] }] of Object.entries(merging)) {
    it(`${title}: each delivery waits for the merged message, and names its holders`, async () => {
      await red.deploy(sourceFlow({ ...flow, next: node('waits', {}, 'end') }));
      const deliveries = deliver(msgs);
      await until('all name the holder', () =>
        deliveries.every((delivery) => delivery.holders().join() === 'waits next'),
      );
      await release();
      const ended = deliveries.map(async (delivery) => {
        await delivery.settled;
        return end().finished;
      });
      assert.deepEqual(await Promise.all(ended), [1, 1, 1]);
    });

    it(`${title}: each delivery fails with the merged message`, async () => {
      await red.deploy(sourceFlow({ ...flow, next: fn('throw new Error("boom");', 'end') }));
      const errors = await Promise.all(deliver(msgs).map(outcome));
      assert.deepEqual(
        errors.map((error) => error?.message),
        ['boom', 'boom', 'boom'],
      );
    });
  }

  it('an overlapping batch holds the delivery that it will send again', async () => {
    const next = node('test-end');
    await red.deploy(sourceFlow({ a: batch({ mode: 'count', count: 3, overlap: 1 }), all, next }));
    const [first, second, third] = deliver([{}, {}, {}]);
    await Promise.all([first?.settled, second?.settled]);
    assert.deepEqual(third?.holders(), ['batch a']);
    const [fourth, fifth] = deliver([{}, {}]);
    await Promise.all([third?.settled, fourth?.settled]);
    assert.deepEqual(fifth?.holders(), ['batch a']);
  });

  it('a batch: a failing message only fails its own delivery', async () => {
    const next = fn('if (msg.n === 1) throw new Error("boom"); return msg;', 'end');
    await red.deploy(sourceFlow({ a: batch({ mode: 'count', count: 3 }), all: next }));
    const errors = await Promise.all(deliver([{}, {}, {}]).map(outcome));
    assert.deepEqual(
      errors.map((error) => error?.message),
      [undefined, 'boom', undefined],
    );
  });

  for (const which of [0, 2]) {
    it(`a join: delivery ${which} of three does not affect the others when it is abandoned`, async () => {
      await red.deploy(sourceFlow({ a: join({ count: '3' }), next: node('waits', {}, 'end') }));
      const deliveries = deliver([{}, {}, {}]);
      await until('the message is merged', () => deliveries[0]?.holders().join() === 'waits next');
      deliveries[which]?.abandon(new Error('out of time'));
      await release();
      const errors = await Promise.all(deliveries.map(outcome));
      assert.deepEqual(
        errors.map((error) => error?.message),
        [0, 1, 2].map((index) => (index === which ? 'out of time' : undefined)),
      );
    });
  }

  for (const [title, { flow, more = [] }] of Object.entries(dropping)) {
    it(`${title}: dropped messages do not wait for the message that it sends`, async () => {
      await red.deploy(sourceFlow({ ...flow, next: fn('setTimeout(() => node.done(), 1e6);') }));
      const deliveries = deliver([...['x', 'x', 'x'].map((kind) => ({ kind })), ...more]);
      const isHeld = () => deliveries.map((delivery) => delivery.holders().length);
      await until('only what was sent is held', () => isHeld().reduce((sum, held) => sum + held) <= 1);
      for (let turns = 0; turns < 20; turns += 1) await turn();
      for (const delivery of deliveries.filter((_, index) => isHeld()[index] === 0)) await delivery.settled;
    });
  }
});

const waiting: (() => void)[] = [];

/** Keeps each message until `release`, and sends it then. */
const waits = contributed('waits', (msg: object, send: (msg: object) => void, done: () => void) => {
  waiting.push(() => {
    send(msg);
    done();
  });
});

/** Waits until a message is kept: a node is named while the message is still on its way. */
async function release(): Promise<void> {
  await until('a message is kept', () => waiting.length > 0);
  for (const go of waiting.splice(0)) go();
}

const kept: (() => void)[] = [];

/** Collects three messages, and sends them as one after a delay. */
const gathers = contributed('gathers', (msg: object, send: (msg: object) => void, done: () => void) => {
  kept.push(done);
  if (kept.length < 3) return;
  setTimeout(() => {
    send({ ...msg });
    for (const end of kept.splice(0)) end();
  }, 5);
});

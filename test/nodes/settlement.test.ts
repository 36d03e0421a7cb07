import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery } from '../../src/index.ts';
import { sharedNodeRed, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { freePort, temporaryDirectory } from '../helpers/servers.ts';
import { registerTestNodes, type TestSource } from '../helpers/test-nodes.ts';
import { until } from '../helpers/until.ts';

type Wires = (string | string[])[];

/** A node of a test's flow: `source` is wired to the first one, each to what it names. */
const n = (id: string, type: string, wires: Wires = [], properties: object = {}): FlowNode => ({
  id,
  type,
  name: id,
  wires: wires.map((ids) => (typeof ids === 'string' ? [ids] : ids)),
  ...properties,
});
const fn = (id: string, func: string, wires: Wires = [], properties: object = {}) =>
  n(id, 'function', wires, { func, outputs: wires.length, ...properties });
const last = n('last', 'debug', [], { active: false, complete: 'payload', tosidebar: false });
const delay = (id: string, wires: Wires, timeout = '30') =>
  n(id, 'delay', wires, { pauseType: 'delay', timeout, timeoutUnits: 'milliseconds', outputs: 1 });
const catcher = (wires: Wires, properties: object = {}) =>
  n('catcher', 'catch', wires, { scope: null, ...properties });

interface Wiring {
  title: string;
  /** The first node is what the source is wired to. */
  flow: FlowNode[];
  payload?: unknown;
  msg?: object;
  rejects?: RegExp;
  held?: string[];
}

const temporary = temporaryDirectory('settlement');
writeFileSync(join(temporary, 'in.txt'), 'one\ntwo\n');

const split = n('split', 'split', ['work'], {
  splt: '\\n',
  spltType: 'str',
  arraySplt: 1,
  arraySpltType: 'len',
});
const join2 = n('join', 'join', ['last'], { mode: 'auto' });

const wirings: Wiring[] = [
  { title: 'an unwired output settles at once', flow: [] },
  { title: 'a function that returns', flow: [fn('f', 'return msg', ['last']), last] },
  { title: 'a function that drops the message', flow: [fn('f', 'return null', ['last']), last] },
  { title: 'a function that throws', flow: [fn('f', 'throw new Error("broken")', [])], rejects: /broken/ },
  {
    title: 'a function that throws a string',
    flow: [fn('f', 'throw "plain words"', [])],
    rejects: /plain words/,
  },
  {
    title: 'a function that calls node.done(error)',
    flow: [fn('f', 'node.done(new Error("said so")); return null')],
    rejects: /said so/,
  },
  {
    title: 'an async function that sends later and calls node.done',
    flow: [
      fn('f', 'setTimeout(() => { node.send(msg); node.done(); }, 30); return null;', ['g']),
      fn('g', 'throw new Error("later")'),
    ],
    rejects: /later/,
  },
  {
    title: 'an async function that awaits',
    flow: [fn('f', 'await new Promise(r => setTimeout(r, 20)); return msg', ['last']), last],
  },
  {
    title: 'several outputs',
    flow: [fn('f', 'return [msg, msg]', ['last', 'g']), fn('g', 'throw new Error("second")'), last],
    rejects: /second/,
  },
  {
    title: 'several messages on one output',
    flow: [fn('f', 'return [[{...msg}, {...msg}, {...msg}]]', ['d']), delay('d', ['last']), last],
  },
  {
    title: 'fan-out to a quick and a slow branch',
    flow: [
      fn('f', 'return msg', [['d', 'last']]),
      delay('d', ['g']),
      fn('g', 'throw new Error("slow branch")'),
      last,
    ],
    rejects: /slow branch/,
  },
  {
    title: 'a switch that drops',
    flow: [
      n('s', 'switch', ['last'], {
        property: 'payload',
        propertyType: 'msg',
        rules: [{ t: 'eq', v: 'nothing', vt: 'str' }],
        outputs: 1,
      }),
      last,
    ],
  },
  {
    title: 'a change node',
    flow: [
      n('c', 'change', ['last'], { rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '1', tot: 'num' }] }),
      last,
    ],
  },
  { title: 'a delay', flow: [delay('d', ['last']), last] },
  {
    title: 'split and join',
    payload: [1, 2, 3],
    flow: [split, fn('work', 'return msg', ['join']), join2, last],
  },
  {
    title: 'an error in one part of a split message',
    payload: [1, 2, 3],
    flow: [split, fn('work', 'if (msg.payload === 2) throw new Error("part"); return msg', ['last']), last],
    rejects: /part/,
  },
  { title: 'a filter (rbe)', flow: [n('r', 'rbe', ['last'], { func: 'rbe', property: 'payload' }), last] },
  {
    title: 'exec',
    flow: [n('x', 'exec', ['last', [], []], { command: 'true', addpay: '', oldrc: false }), last],
  },
  {
    title: 'trigger',
    flow: [
      n('t', 'trigger', ['last'], {
        op1: '1',
        op2: '0',
        op1type: 'num',
        op2type: 'num',
        duration: '30',
        units: 'ms',
        outputs: 1,
      }),
      last,
    ],
  },
  {
    title: 'link out and link in',
    flow: [
      n('lo', 'link out', [], { mode: 'link', links: ['li'] }),
      n('li', 'link in', ['g'], { links: ['lo'] }),
      fn('g', 'throw new Error("behind the link")'),
    ],
    rejects: /behind the link/,
  },
  {
    title: 'link call with return',
    flow: [
      n('lc', 'link call', ['g'], { links: ['li'], timeout: '5' }),
      n('li', 'link in', ['w'], { links: [] }),
      fn('w', 'return msg', ['lo']),
      n('lo', 'link out', [], { mode: 'return', links: [] }),
      fn('g', 'throw new Error("after the call")'),
    ],
    rejects: /after the call/,
  },
  {
    title: 'a link call that times out',
    flow: [
      n('lc', 'link call', ['last'], { links: ['li'], timeout: '0.05' }),
      n('li', 'link in', ['w'], { links: [] }),
      fn('w', 'return null'),
      last,
    ],
    rejects: /timeout/i,
  },
  {
    title: 'a subflow',
    flow: [
      n('sf', 'subflow:sub', ['g']),
      fn('g', 'throw new Error("after the subflow")'),
      {
        id: 'sub',
        type: 'subflow',
        name: 'sub',
        z: '',
        in: [{ wires: [{ id: 'inner' }] }],
        out: [{ wires: [{ id: 'inner', port: 0 }] }],
      },
      { ...delay('inner', []), z: 'sub', wires: [[]] },
    ],
    rejects: /after the subflow/,
  },
  {
    title: 'a junction',
    flow: [n('j', 'junction', ['g']), fn('g', 'throw new Error("junction")')],
    rejects: /junction/,
  },
  {
    title: 'an error that a Catch node handles still rejects',
    flow: [fn('f', 'throw new Error("caught")'), catcher(['last']), last],
    rejects: /caught/,
  },
  {
    title: 'a Catch node keeps the message until its branch has ended',
    flow: [
      fn('f', 'throw new Error("first")'),
      catcher(['d'], { scope: ['f'] }),
      delay('d', ['g']),
      fn('g', 'throw new Error("second")'),
      last,
    ],
    rejects: /first/,
  },
  {
    title: 'a Complete node keeps the message',
    flow: [
      fn('f', 'return null'),
      n('done', 'complete', ['d'], { scope: ['f'] }),
      delay('d', ['last']),
      last,
    ],
  },
  {
    title: 'a Status node has nothing to do with it',
    flow: [
      fn('f', 'node.status({text: "x"}); return msg', ['last']),
      n('st', 'status', ['last'], { scope: null }),
      last,
    ],
  },
  { title: 'a wire to a node that does not exist', flow: [fn('f', 'return msg', ['nowhere'])] },
  {
    title: 'a wire to a disabled node',
    flow: [fn('f', 'return msg', ['off']), n('off', 'debug', [], { d: true })],
  },
  {
    title: 'a json node that fails',
    payload: '{',
    flow: [n('j', 'json', ['last'], { property: 'payload', action: 'obj' }), last],
    rejects: /JSON/,
  },
  {
    title: 'a template',
    flow: [
      n('t', 'template', ['last'], { field: 'payload', template: '{{payload}}', syntax: 'mustache' }),
      last,
    ],
  },
  {
    title: 'sort, range and csv',
    payload: 5,
    flow: [
      n('r', 'range', ['last'], {
        minin: '0',
        maxin: '10',
        minout: '0',
        maxout: '1',
        action: 'scale',
        property: 'payload',
      }),
      last,
    ],
  },
  {
    title: 'a file that is read line by line',
    flow: [
      n('fr', 'file in', ['last'], {
        filename: join(temporary, 'in.txt'),
        filenameType: 'str',
        format: 'lines',
      }),
      last,
    ],
  },
  {
    title: 'a file that cannot be read',
    flow: [
      n('fr', 'file in', ['last'], {
        filename: join(temporary, 'none.txt'),
        filenameType: 'str',
        format: 'utf8',
      }),
      last,
    ],
    rejects: /ENOENT/,
  },
  { title: 'a node of the old kind', flow: [n('o', 'test-old-style', ['last']), last] },
  {
    title: 'a node of the old kind that reports an error',
    flow: [n('o', 'test-old-style-failing')],
    rejects: /old failure/,
  },
  {
    title: 'a node whose handler throws, and so never says that it has finished',
    flow: [n('t', 'test-throwing')],
    rejects: /thrown/,
  },
  {
    title: 'a function that reports an error and goes on',
    flow: [fn('f', 'node.error("reported", msg); return msg', ['last']), last],
    rejects: /reported/,
  },
  {
    title: 'a function that only logs an error',
    flow: [fn('f', 'node.error("only logged"); return msg', ['last']), last],
  },
  { title: 'a node with two handlers', flow: [n('two', 'test-two-handlers', ['last']), last] },
  {
    title: 'a loop that ends',
    payload: 0,
    flow: [
      fn('count', 'msg.payload++; return msg.payload < 5 ? [msg, null] : [null, msg]', ['count', 'last']),
      last,
    ],
  },
  {
    title: 'a clone of the message is followed too',
    flow: [
      fn('f', 'return RED.util.cloneMessage(msg)', ['d']),
      delay('d', ['g']),
      fn('g', 'throw new Error("clone")'),
    ],
    rejects: /clone/,
  },
  {
    title: 'a wholly new message is not followed any more',
    flow: [fn('f', 'return { payload: 1 }', ['g']), fn('g', 'throw new Error("not ours")')],
  },
  {
    title: 'a node that never finishes holds the message, by name',
    flow: [n('stuck', 'test-never-done')],
    held: ['stuck'],
  },
  {
    title: 'every node that holds a message is named',
    flow: [
      fn('f', 'return msg', [['stuck', 'stuck too']]),
      n('stuck', 'test-never-done'),
      n('stuck too', 'test-never-done'),
    ],
    held: ['stuck', 'stuck too'],
  },
  {
    title: 'a batch that waits for more holds what it has',
    flow: [n('b', 'batch', ['last'], { mode: 'count', count: 2, overlap: 0 }), last],
    held: ['b'],
  },
];

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

  for (const { title, flow, payload = 'x', msg = {}, rejects, held } of wirings) {
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

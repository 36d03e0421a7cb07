import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowNode } from '../helpers/node-red.ts';
import { temporaryDirectory } from '../helpers/servers.ts';

type Wires = (string | string[])[];
type Rest = [wires?: Wires, properties?: object];

/** A node of a test's flow: `source` is wired to the first one, each to what it names. */
export const n = (id: string, type: string, ...[wires = [], properties]: Rest): FlowNode => ({
  id,
  type,
  name: id,
  wires: wires.map((ids) => (typeof ids === 'string' ? [ids] : ids)),
  ...properties,
});
export const fn = (id: string, func: string, wires: Wires = []): FlowNode =>
  n(id, 'function', wires, { func, outputs: wires.length });
export const last = n('last', 'debug', [], { active: false, complete: 'payload', tosidebar: false });
export const delay = (id: string, wires: Wires, timeout = '30') =>
  n(id, 'delay', wires, { pauseType: 'delay', timeout, timeoutUnits: 'milliseconds', outputs: 1 });
export const catcher = (wires: Wires, properties: object = {}) =>
  n('catcher', 'catch', wires, { scope: null, ...properties });

/** How nodes are wired behind a source, and how its delivery ends: fulfilled, unless it says otherwise. */
export interface Wiring {
  title: string;
  /** The first node is what the source is wired to. */
  flow: FlowNode[];
  payload?: unknown;
  msg?: object;
  rejects?: RegExp;
  held?: string[];
}

export const temporary = temporaryDirectory('settlement');
writeFileSync(join(temporary, 'in.txt'), 'one\ntwo\n');

export const split = n('split', 'split', ['work'], {
  splt: '\\n',
  spltType: 'str',
  arraySplt: 1,
  arraySpltType: 'len',
});
const join2 = n('join', 'join', ['last'], { mode: 'auto' });

/** Wirings whose messages end well. */
export const wirings: Wiring[] = [
  { title: 'an unwired output settles at once', flow: [] },
  { title: 'a function that returns', flow: [fn('f', 'return msg', ['last']), last] },
  { title: 'a function that drops the message', flow: [fn('f', 'return null', ['last']), last] },
  {
    title: 'an async function that awaits',
    flow: [fn('f', 'await new Promise(r => setTimeout(r, 20)); return msg', ['last']), last],
  },
  {
    title: 'several messages on one output',
    flow: [fn('f', 'return [[{...msg}, {...msg}, {...msg}]]', ['d']), delay('d', ['last']), last],
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
  { title: 'a node of the old kind', flow: [n('o', 'test-old-style', ['last']), last] },
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
    title: 'a wholly new message is not followed any more',
    flow: [fn('f', 'return { payload: 1 }', ['g']), fn('g', 'throw new Error("not ours")')],
  },
];

import { join } from 'node:path';
import { catcher, delay, fn, last, n, split, temporary, type Wiring } from './wirings.ts';

/** Wirings in which a node fails, or keeps the message. */
export const failingWirings: Wiring[] = [
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
    title: 'several outputs',
    flow: [fn('f', 'return [msg, msg]', ['last', 'g']), fn('g', 'throw new Error("second")'), last],
    rejects: /second/,
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
    title: 'an error in one part of a split message',
    payload: [1, 2, 3],
    flow: [split, fn('work', 'if (msg.payload === 2) throw new Error("part"); return msg', ['last']), last],
    rejects: /part/,
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
    title: 'a json node that fails',
    payload: '{',
    flow: [n('j', 'json', ['last'], { property: 'payload', action: 'obj' }), last],
    rejects: /JSON/,
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
    title: 'a clone of the message is followed too',
    flow: [
      fn('f', 'return RED.util.cloneMessage(msg)', ['d']),
      delay('d', ['g']),
      fn('g', 'throw new Error("clone")'),
    ],
    rejects: /clone/,
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

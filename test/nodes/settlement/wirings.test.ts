import { node, subflow } from './notation.ts';
import { contributed, fn, wirings } from './wiring.ts';

const set = (property: string, value: string) => ({
  t: 'set',
  p: property,
  pt: 'msg',
  to: value,
  tot: 'str',
});
const change = (...outputs: string[]) => node('change', { rules: [set('topic', 'x')] }, ...outputs);
const split = (...outputs: string[]) =>
  node('split', { splt: '\\n', spltType: 'str', arraySplt: 1, arraySpltType: 'len' }, ...outputs);
const join = (...outputs: string[]) => node('join', { mode: 'auto' }, ...outputs);
const equals = (value: string, ...outputs: string[]) =>
  node('switch', { property: 'payload', rules: [{ t: 'eq', v: value, vt: 'num' }] }, ...outputs);

wirings('settlement: an output', {
  'that is wired to nothing settles at once': { flow: {}, ends: 0 },
  'that is wired to one node settles when that node is done': { flow: { end: node('test-end') }, ends: 1 },
  'to a disabled node delivers nothing': { flow: { off: node('debug', { d: true }, 'end') }, ends: 0 },
  'to a missing node delivers nothing': { flow: { a: fn('return msg;', 'nobody end') }, ends: 1 },
  'to a disabled node beside others waits for the others': {
    flow: { a: fn('return msg;', 'off end'), off: node('debug', { d: true }) },
    ends: 1,
  },
  'that fans out waits for all': {
    flow: { a: fn('return msg;', 'b c end'), b: change('end'), c: change('end') },
    ends: 3,
  },
  'through a junction': { flow: { a: node('junction', {}, 'b end'), b: change('end') }, ends: 2 },
});

wirings('settlement: a function', {
  'that returns its message': { flow: { a: fn('return msg;', 'end') }, ends: 1 },
  'that drops it': { flow: { a: fn('return null;', 'end') }, ends: 0 },
  'that awaits': {
    flow: { a: fn('await new Promise((r) => setTimeout(r, 10)); return msg;', 'end') },
    ends: 1,
  },
  'that sends later and then says it is done': {
    flow: { a: fn('setTimeout(() => { node.send(msg); node.done(); }, 10);', 'end') },
    ends: 1,
  },
  'that says it is done and then sends': { flow: { a: fn('node.done(); return msg;', 'end') }, ends: 1 },
  'with several outputs': {
    flow: { a: fn('return [msg, null, msg];', 'end', 'end', 'b'), b: change('end') },
    ends: 2,
  },
  'that sends several messages': {
    flow: { a: fn('return [[msg, RED.util.cloneMessage(msg), { ...msg }]];', 'end') },
    ends: 3,
  },
  'that sends a clone and the message': {
    flow: { a: fn('node.send(RED.util.cloneMessage(msg)); return msg;', 'end') },
    ends: 2,
  },
  'that sends the very same message twice': {
    flow: { a: fn('node.send(msg, false); node.send(msg, false);', 'end') },
    ends: 2,
  },
  'that sends to itself a few times': {
    flow: {
      a: fn('msg.n = (msg.n ?? 0) + 1; return msg.n < 5 ? [msg, null] : [null, msg];', 'b', 'end'),
      b: change('a'),
    },
    ends: 1,
  },
});

wirings('settlement: core nodes', {
  change: { flow: { a: change('end') }, ends: 1 },
  debug: { flow: { a: node('debug', { active: true, complete: 'true', targetType: 'full' }) } },
  'switch that passes': { flow: { a: equals('1', 'end') }, ends: 1 },
  'switch that drops': { flow: { a: equals('2', 'end') }, ends: 0 },
  'switch with a JSONata rule': {
    flow: {
      a: node(
        'switch',
        { property: 'payload', rules: [{ t: 'jsonata_exp', v: 'payload=1', vt: 'jsonata' }] },
        'end',
      ),
    },
    ends: 1,
  },
  range: {
    flow: {
      a: node(
        'range',
        { minin: 0, maxin: 1, minout: 0, maxout: 9, action: 'scale', property: 'payload' },
        'end',
      ),
    },
    ends: 1,
  },
  template: { flow: { a: node('template', { field: 'payload', template: '{{payload}}' }, 'end') }, ends: 1 },
  delay: {
    flow: { a: node('delay', { pauseType: 'delay', timeout: '10', timeoutUnits: 'milliseconds' }, 'end') },
    ends: 1,
  },
  'delay that drops what is too fast': {
    flow: {
      a: fn('return [[msg, { ...msg }, { ...msg }]];', 'b'),
      b: node(
        'delay',
        { pauseType: 'rate', rate: '1', nbRateUnits: '1', rateUnits: 'minute', drop: true },
        'end',
      ),
    },
    ends: 1,
  },
  exec: {
    flow: { a: node('exec', { command: 'echo', addpay: 'payload', useSpawn: 'false' }, 'end', 'end', 'end') },
    ends: 2,
  },
  'filter that blocks': {
    flow: {
      a: fn('return [[msg, { ...msg }]];', 'b'),
      b: node('rbe', { func: 'rbe', inout: 'out', property: 'payload' }, 'end'),
    },
    ends: 1,
  },
  split: { flow: { a: split('end') }, msg: { payload: [1, 2, 3] }, ends: 3 },
  'split and join': {
    flow: { a: split('b'), b: change('c'), c: join('end') },
    msg: { payload: [1, 2, 3] },
    ends: 1,
  },
  'join by number': {
    flow: {
      a: split('b'),
      b: node('join', { mode: 'custom', build: 'array', count: '2', useparts: false }, 'end'),
    },
    msg: { payload: [1, 2, 3, 4] },
    ends: 2,
  },
  'join that reduces': {
    flow: {
      a: split('b'),
      b: node(
        'join',
        {
          mode: 'reduce',
          reduceExp: '$A + payload',
          reduceInit: '0',
          reduceInitType: 'num',
          reduceFixup: '',
        },
        'end',
      ),
    },
    msg: { payload: [1, 2, 3] },
    ends: 1,
  },
  sort: {
    flow: {
      a: split('b'),
      b: node(
        'sort',
        { target: '', targetType: 'seq', seqKey: 'payload', seqKeyType: 'msg', order: 'ascending' },
        'end',
      ),
    },
    msg: { payload: [3, 1, 2] },
    ends: 3,
  },
  batch: {
    flow: { a: split('b'), b: node('batch', { mode: 'count', count: 2, overlap: 0 }, 'end') },
    msg: { payload: [1, 2, 3, 4] },
    ends: 4,
  },
  csv: {
    flow: { a: node('csv', { sep: ',', temp: 'a,b', multi: 'one' }, 'end') },
    msg: { payload: '1,2\n3,4' },
    ends: 2,
  },
  json: { flow: { a: node('json', { property: 'payload' }, 'end') }, msg: { payload: '{}' }, ends: 1 },
  'link out and in': {
    flow: {
      a: node('link out', { mode: 'link', links: ['b'] }),
      b: node('link in', { links: ['a'] }, 'end'),
    },
    ends: 1,
  },
  'link call': {
    flow: {
      a: node('link call', { links: ['b'], linkType: 'static', timeout: '5' }, 'end'),
      b: node('link in', {}, 'c'),
      c: change('d'),
      d: node('link out', { mode: 'return' }),
    },
    ends: 1,
  },
  subflow: {
    flow: { a: node('subflow:sub', {}, 'end'), sub: subflow('b', 'b'), b: { ...change(''), z: 'sub' } },
    ends: 1,
  },
  'subflow in a subflow': {
    flow: {
      a: node('subflow:outer', {}, 'end'),
      outer: subflow('b', 'b'),
      b: node('subflow:inner', { z: 'outer' }, ''),
      inner: subflow('c', 'c'),
      c: { ...change(''), z: 'inner' },
    },
    ends: 1,
  },
  'complete node': {
    flow: { a: change(''), b: node('complete', { scope: ['a'] }, 'end') },
    ends: 1,
  },
  'status node, whose messages are not of the delivery': {
    flow: {
      a: fn('node.status("x");', ''),
      b: node('status', { scope: ['a'] }, 'c'),
      c: fn('return null;', ''),
    },
  },
  'file and file in': {
    flow: {
      a: node('file', { filename: 'file', filenameType: 'msg', overwriteFile: 'true' }, 'b'),
      b: node('file in', { filename: 'file', filenameType: 'msg', format: 'utf8' }, 'end'),
    },
    msg: { file: '/dev/null' },
    ends: 1,
  },
});

wirings(
  'settlement: contributed nodes',
  {
    'with a handler of one parameter that sends': { flow: { a: node('old-style', {}, 'end') }, ends: 1 },
    'with two handlers': { flow: { a: node('two-handlers', {}, 'end') }, ends: 2 },
    'with two handlers, one of them old': { flow: { a: node('new-and-old', {}, 'end') }, ends: 1 },
    'that complete twice finish once': {
      flow: { a: split('b'), b: node('twice', {}, 'end') },
      msg: { payload: [1, 2, 3] },
      ends: 3,
    },
    'that empty the message they got': { flow: { a: node('empties', {}, 'end') }, ends: 1 },
  },
  {
    'old-style': contributed('old-style', function (msg) {
      this.send(msg);
    }),
    'two-handlers': contributed(
      'two-handlers',
      (msg: object, send: (msg: object) => void, done: () => void) => {
        send(msg);
        done();
      },
      (msg: object, send: (msg: object) => void, done: () => void) => {
        setTimeout(() => {
          send({ ...msg });
          done();
        }, 10);
      },
    ),
    'new-and-old': contributed(
      'new-and-old',
      (msg: object, send: (msg: object) => void, done: () => void) => {
        setTimeout(() => {
          send(msg);
          done();
        }, 10);
      },
      (_msg: object) => {},
    ),
    twice: contributed('twice', (msg: { payload: number }, send: (msg: object) => void, done: () => void) => {
      setTimeout(() => {
        send(msg);
        done();
        done();
      }, msg.payload * 10);
    }),
    empties: contributed(
      'empties',
      (msg: Record<string, unknown>, send: (msg: object) => void, done: () => void) => {
        send({ ...msg });
        for (const property of Object.keys(msg)) delete msg[property];
        done();
      },
    ),
  },
);

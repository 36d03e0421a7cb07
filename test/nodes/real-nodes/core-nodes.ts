/** Core nodes that work on one message. */
import { fn, n } from '../../helpers/flow.ts';
import type { RealNode } from './real-node.ts';

const set = { t: 'set', p: 'topic', pt: 'msg', to: 'x', tot: 'str' };
const change = (properties: object) => n('a', 'change', ['end'], { rules: [{ ...set, ...properties }] });
const equals = (value: string) =>
  n('a', 'switch', ['end'], { property: 'payload', rules: [{ t: 'eq', v: value, vt: 'num' }] });
const range = { minin: 0, maxin: 1, minout: 0, maxout: 9, action: 'scale', property: 'payload' };
const exec = (command: string, properties: object = {}) =>
  n('a', 'exec', ['end'], { command, addpay: '', useSpawn: 'false', ...properties });
const parser = (type: string, properties: object = {}) =>
  n('a', type, ['end'], { property: 'payload', ...properties });
const sendWhenSettled = `
  const timer = setInterval(() => {
    if (!global.get('hasSettled')) return;
    clearInterval(timer);
    node.send(msg);
  }, 20);`;

const functions: RealNode[] = [
  {
    node: 'function',
    does: 'returns the message',
    outcome: 'waited for',
    flow: () => [fn('a', 'return msg', ['end'])],
  },
  {
    node: 'function',
    does: 'awaits, then returns the message',
    outcome: 'waited for',
    flow: () => [fn('a', 'await new Promise((r) => setTimeout(r, 30)); return msg', ['end'])],
  },
  {
    node: 'function',
    does: 'sends from a timer and then calls `node.done()`',
    outcome: 'waited for',
    flow: () => [fn('a', 'setTimeout(() => { node.send(msg); node.done(); }, 30)', ['end'])],
  },
  {
    node: 'function',
    does: 'sends from a timer without `node.done()`',
    outcome: 'warned about',
    flow: () => [fn('a', sendWhenSettled, ['end'])],
  },
  { node: 'function', does: 'returns null', outcome: 'drops', flow: () => [fn('a', 'return null', ['end'])] },
  {
    node: 'function',
    does: 'throws',
    outcome: 'fails',
    flow: () => [fn('a', 'throw new Error("no")', ['end'])],
  },
];

const properties: RealNode[] = [
  { node: 'change', does: 'sets a property', outcome: 'waited for', flow: () => [change({})] },
  {
    node: 'change',
    does: 'has a JSONata error',
    outcome: 'fails',
    flow: () => [change({ to: '$error("no")', tot: 'jsonata' })],
  },
  { node: 'switch', does: 'has a rule that matches', outcome: 'waited for', flow: () => [equals('1')] },
  { node: 'switch', does: 'has no rule that matches', outcome: 'drops', flow: () => [equals('2')] },
  {
    node: 'range',
    does: 'scales a number',
    outcome: 'waited for',
    flow: () => [n('a', 'range', ['end'], range)],
  },
  {
    node: 'template',
    does: 'fills in a template',
    outcome: 'waited for',
    flow: () => [
      n('a', 'template', ['end'], { field: 'payload', template: '{{payload}}!', syntax: 'mustache' }),
    ],
  },
  {
    node: 'debug',
    does: 'shows the message',
    outcome: 'drops',
    flow: () => [
      n('a', 'debug', [], { active: true, complete: 'true', targetType: 'full', tosidebar: true }),
    ],
  },
];

const commands: RealNode[] = [
  { node: 'exec', does: 'runs a command', outcome: 'waited for', flow: () => [exec('sleep 0.03')] },
  { node: 'exec', does: 'runs a command that fails', outcome: 'waited for', flow: () => [exec('exit 1')] },
  {
    node: 'exec',
    does: 'runs a command in spawn mode',
    outcome: 'waited for',
    flow: () => [exec('sleep 0.03', { useSpawn: 'true', wires: [[], [], ['end']] })],
  },
];

const parsers: RealNode[] = [
  {
    node: 'csv',
    does: 'parses two lines',
    outcome: 'waited for',
    payloads: ['1,2\n3,4'],
    reach: 2,
    flow: () => [parser('csv', { sep: ',', temp: 'a,b', multi: 'one' })],
  },
  {
    node: 'json',
    does: 'parses JSON',
    outcome: 'waited for',
    payloads: ['{}'],
    flow: () => [parser('json')],
  },
  {
    node: 'json',
    does: 'gets invalid JSON',
    outcome: 'fails',
    payloads: ['{'],
    flow: () => [parser('json')],
  },
  {
    node: 'xml',
    does: 'parses XML',
    outcome: 'waited for',
    payloads: ['<a>1</a>'],
    flow: () => [parser('xml')],
  },
  { node: 'xml', does: 'gets invalid XML', outcome: 'fails', payloads: ['<a'], flow: () => [parser('xml')] },
  {
    node: 'yaml',
    does: 'parses YAML',
    outcome: 'waited for',
    payloads: ['a: 1'],
    flow: () => [parser('yaml')],
  },
  {
    node: 'html',
    does: 'extracts an element',
    outcome: 'waited for',
    payloads: ['<p>1</p>'],
    flow: () => [parser('html', { tag: 'p', ret: 'text', as: 'single' })],
  },
];

const file = (type: string, filename: string, ...wires: string[]) =>
  n('a', type, [wires], {
    filename,
    filenameType: 'str',
    overwriteFile: 'true',
    format: 'utf8',
    sendError: false,
  });

const files: RealNode[] = [
  {
    node: 'write file',
    does: 'writes',
    outcome: 'waited for',
    flow: () => [file('file', '/dev/null', 'end')],
  },
  {
    node: 'write file',
    does: 'finds no such folder',
    outcome: 'fails',
    flow: () => [file('file', '/no/where', 'end')],
  },
  {
    node: 'read file',
    does: 'reads',
    outcome: 'waited for',
    flow: () => [file('file in', '/dev/null', 'end')],
  },
  {
    node: 'read file',
    does: 'finds no such file',
    outcome: 'fails',
    flow: () => [file('file in', '/no/where', 'end')],
  },
];

export const coreNodes: RealNode[] = [...functions, ...properties, ...commands, ...parsers, ...files];

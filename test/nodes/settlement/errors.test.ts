import type { NodeMessage } from 'node-red';
import { node, subflow } from './notation.ts';
import { contributed, fn, wirings } from './wiring.ts';

type Done = (error?: unknown) => void;
type Send = (msg: object) => void;

const throws = fn('throw new Error("boom");', 'end');

wirings('settlement: an error', {
  'thrown by a function': { flow: { a: throws }, rejects: 'boom', by: 'function a' },
  'thrown by a function that awaits': {
    flow: { a: fn('await null; throw new Error("boom");') },
    rejects: 'boom',
  },
  'thrown by a function as a string': { flow: { a: fn('throw "boom";') }, rejects: 'boom' },
  'of a function that cannot be read': { flow: { a: fn('return msg.') }, held: ['function a'] },
  'is rejected only when the others are done': {
    flow: { a: fn('return msg;', 'b end'), b: throws },
    ends: 1,
    rejects: 'boom',
  },
  'is the first of two': {
    flow: { a: fn('return msg;', 'b c'), b: throws, c: fn('throw new Error("second");') },
    rejects: 'boom',
  },
  'in a subflow': {
    flow: {
      a: node('subflow:sub', {}, 'end'),
      sub: subflow('b', 'b'),
      b: { ...throws, name: 'inner', z: 'sub', wires: [] },
    },
    rejects: 'boom',
    by: 'inner (function)',
  },
  'that a function logs with the message': {
    flow: { a: fn('node.error("boom", msg); return null;') },
    rejects: 'boom',
    by: 'function a',
  },
  'that a function logs before it sends on': {
    flow: { a: fn('node.error("boom", msg); return msg;', 'end') },
    ends: 1,
    rejects: 'boom',
  },
  'that a function logs without the message does not belong to the delivery': {
    flow: { a: fn('node.error("boom"); return msg;', 'end') },
    ends: 1,
  },
  'of a JSON node': {
    flow: { a: node('json', { property: 'payload' }, 'end') },
    msg: { payload: '{' },
    rejects: /JSON/,
    by: 'json a',
  },
  'of a file that is not there': {
    flow: {
      a: node(
        'file in',
        { filename: '/nowhere', filenameType: 'str', format: 'utf8', sendError: false },
        'end',
      ),
    },
    rejects: /ENOENT/,
  },
  'of a link call that gets no answer': {
    flow: {
      a: node('link call', { links: ['b'], linkType: 'static', timeout: '0.02' }, 'end'),
      b: node('link in', {}, 'c'),
      c: fn('return null;'),
    },
    rejects: 'timeout',
    by: 'link call a',
  },
  'of a link call to nowhere': {
    flow: { a: node('link call', { links: ['nowhere'], linkType: 'static' }, 'end') },
    rejects: /not found/,
  },
});

wirings('settlement: an error that is caught', {
  'still rejects': {
    flow: { a: throws, b: node('catch', {}, 'end') },
    ends: 1,
    rejects: 'boom',
  },
  'waits for what follows the Catch node': {
    flow: {
      a: throws,
      b: node('catch', {}, 'c'),
      c: fn('await new Promise((r) => setTimeout(r, 10)); return msg;', 'end'),
    },
    ends: 1,
    rejects: 'boom',
  },
  'fulfils if errors are left to Catch nodes': {
    flow: { a: throws, b: node('catch', {}, 'end') },
    options: { leaveCaughtErrors: true },
    ends: 1,
  },
  'fulfils when a Catch node in the flow around the subflow has it': {
    flow: {
      a: node('subflow:sub', {}, 'end'),
      sub: subflow('b', 'b'),
      b: { ...throws, z: 'sub', wires: [] },
      c: node('catch', {}, 'end'),
    },
    options: { leaveCaughtErrors: true },
    ends: 1,
  },
  'fulfils when two Catch nodes have it': {
    flow: { a: throws, b: node('catch', {}, 'end'), c: node('catch', {}) },
    options: { leaveCaughtErrors: true },
    ends: 1,
  },
  'fulfils when the error was logged with the message': {
    flow: { a: fn('node.error("boom", msg); return null;'), b: node('catch', {}, 'end') },
    options: { leaveCaughtErrors: true },
    ends: 1,
  },
  'rejects if another one was not caught': {
    flow: {
      a: fn('return msg;', 'b c'),
      b: throws,
      c: fn('throw new Error("second");'),
      d: node('catch', { scope: ['b'] }, 'end'),
    },
    options: { leaveCaughtErrors: true },
    ends: 1,
    rejects: 'second',
  },
  'rejects if the one before was not caught': {
    flow: {
      a: fn('return msg;', 'c b'),
      b: throws,
      c: fn('throw new Error("second");'),
      d: node('catch', { scope: ['b'] }, 'end'),
    },
    options: { leaveCaughtErrors: true },
    ends: 1,
    rejects: 'second',
  },
  'rejects if what follows the Catch node fails': {
    flow: { a: throws, b: node('catch', { scope: ['a'] }, 'c'), c: fn('throw new Error("second");') },
    options: { leaveCaughtErrors: true },
    rejects: 'second',
  },
  'rejects if no Catch node has it': {
    flow: { a: throws },
    options: { leaveCaughtErrors: true },
    rejects: 'boom',
  },
});

wirings(
  'settlement: an error of a contributed node',
  {
    'given to done': { flow: { a: node('fails', {}, 'end') }, rejects: 'boom', by: 'fails a' },
    'given to done as an object': { flow: { a: node('fails-oddly') }, rejects: '{ code: 7 }' },
    'given to done by a node with an error method of its own': {
      flow: { a: node('own-error') },
      rejects: 'boom',
    },
    'thrown by its handler': { flow: { a: node('throws') }, rejects: 'boom' },
    'thrown by an old handler': { flow: { a: node('throws-old') }, rejects: 'boom' },
    'thrown by one of two handlers': { flow: { a: node('one-throws') }, rejects: 'boom' },
    'logged with a clone of the message, and done never called': {
      flow: { a: node('logs-clone') },
      rejects: 'boom',
    },
    'logged with the message after it was done': {
      flow: { a: node('fails-late', {}, 'end'), end: node('test-end') },
      ends: 1,
      rejects: 'boom',
    },
  },
  {
    fails: contributed('fails', (_msg: object, _send: Send, done: Done) => done(new Error('boom'))),
    'fails-oddly': contributed('fails-oddly', (_msg: object, _send: Send, done: Done) => done({ code: 7 })),
    'own-error': contributed('own-error', function (_msg: object, _send: Send, done: Done) {
      this.error = () => {};
      done('boom');
    }),
    throws: contributed('throws', (_msg: object, _send: Send, _done: Done) => {
      throw new Error('boom');
    }),
    'throws-old': contributed('throws-old', (_msg: object) => {
      throw new Error('boom');
    }),
    'one-throws': contributed(
      'one-throws',
      (_msg: object, _send: Send, done: Done) => done(),
      (_msg: object, _send: Send, _done: Done) => {
        throw new Error('boom');
      },
    ),
    'logs-clone': contributed('logs-clone', function (msg: NodeMessage, _send: Send, _done: Done) {
      setTimeout(() => this.error('boom', { ...msg }), 5);
    }),
    'fails-late': contributed('fails-late', function (msg: NodeMessage, send: Send, done: Done) {
      send({ ...msg });
      done();
      setTimeout(() => this.error('boom', msg), 1);
    }),
  },
);

import { node } from './notation.ts';
import { contributed, fn, wirings } from './wiring.ts';

wirings(
  'settlement: what is not followed',
  {
    'a message that a function makes afresh: the delivery settles when the function is done': {
      flow: { a: fn('return { payload: msg.payload };', 'end') },
      ends: 0,
    },
    'an error of the first of two handlers, which Node-RED forgets': {
      flow: { a: node('first-fails', {}, 'end') },
      ends: 0,
    },
  },
  {
    'first-fails': contributed(
      'first-fails',
      (_msg: object, _send: unknown, done: (error: string) => void) => done('boom'),
      (_msg: object, _send: unknown, done: () => void) => done(),
    ),
  },
);

const never = fn('setTimeout(() => node.done(), 1e6);', '');

wirings('settlement: a delivery that nobody ends is held by', {
  'a function that waits': { flow: { a: never }, held: ['function a'] },
  'all who have it': {
    flow: { a: fn('return msg;', 'b c'), b: never, c: never },
    held: ['function b', 'function c'],
  },
  'a function whose timer throws': {
    flow: { a: fn('setTimeout(() => { throw new Error("boom"); node.done(); }, 1);') },
    held: ['function a'],
  },
  'a batch that is not full': {
    flow: { a: node('batch', { name: 'by three', mode: 'count', count: 3, overlap: 0 }, 'end') },
    held: ['by three (batch)'],
  },
  'a join that waits for more': {
    flow: { a: node('join', { mode: 'custom', build: 'array', count: '2' }, 'end') },
    held: ['join a'],
  },
});

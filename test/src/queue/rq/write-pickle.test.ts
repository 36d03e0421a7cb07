import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import vm from 'node:vm';
import * as fc from 'fast-check';
import { SerializeError } from '../../../../src/base/errors.ts';
import { pathText } from '../../../../src/values/encode-value.ts';
import { pickle } from '../../../../src/payload/pickle/pickle.ts';
import { Tuple, writePickle } from '../../../../src/queue/rq/write-pickle.ts';
import { described } from '../../../helpers/described.ts';
import { samples } from '../../../helpers/fuzz.ts';
import { flowerpowerPython } from '../../../helpers/python.ts';
import { describeWith } from '../../../helpers/requires.ts';

const script = join(__dirname, '../../../../../test/src/queue/rq/describe_pickles.py');
const written = (value: unknown, limit = 1_048_576) =>
  writePickle(value, { limit, placeOf: (path) => pathText('value', path) });

/** What Python makes of each value. */
function inPython(values: unknown[]): unknown[] {
  const input = values.map((value) => written(value).toString('base64')).join('\n');
  const output = execFileSync(flowerpowerPython ?? 'python3', [script], { input, maxBuffer: 1e9 });
  return output
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** Text that may hold lone surrogates. */
const text = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 });
const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 4000n), max: 2n ** 4000n }),
  fc.string({ unit: 'binary' }),
  text.map((units) => String.fromCharCode(...units)),
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
);
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 6 }),
  ),
}));

describeWith(['flowerpower'], 'a pickle that is written', () => {
  it('is the same value in Python, whatever it is', () => {
    const values = samples(anyValue, 3000);
    for (const [index, found] of inPython(values).entries()) {
      assert.deepEqual(found, described(values[index]), `value ${index}`);
    }
  });

  const edges: [string, unknown][] = [
    [
      'integers at the ends of their opcodes',
      [0, 255, 256, -1, 65_536, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1],
    ],
    [
      'negative integers beyond 32 bits',
      [-(2 ** 31) - 1, -(2 ** 53) + 1, -(2n ** 63n), -(2n ** 63n) - 1n, -128n, -129n],
    ],
    ['integers of thousands of digits', [10n ** 5000n, -(10n ** 5000n), 2n ** 2039n, 2n ** 2040n]],
    ['floats: zero with a sign, whole ones that no integer holds', [-0, 2 ** 53, 1e300, 5e-324, 0.1]],
    ['what is no number', [Infinity, -Infinity]],
    [
      'text at the ends of its opcodes',
      ['', 'a'.repeat(255), 'a'.repeat(256), 'ü'.repeat(128), '😀'.repeat(100)],
    ],
    ['bytes at the ends of their opcodes', [Buffer.alloc(0), Buffer.alloc(255, 1), Buffer.alloc(256, 2)]],
    [
      'a long list and a large dict',
      [
        Array.from({ length: 5000 }, (_, i) => i),
        Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${i}`, i])),
      ],
    ],
    [
      'keys that JavaScript has a meaning for',
      JSON.parse('{"__proto__": 1, "constructor": 2, "toJSON": 3, "": 4}'),
    ],
    ['undefined: None in a list, left out of a dict', [[undefined], { a: undefined, b: 1 }]],
    ['a list with holes', [Object.assign([], { length: 3 })]],
    ['an object of another realm', [vm.runInNewContext('({ a: [1, { b: 2 }] })')]],
    ['an object without a prototype', [Object.assign(Object.create(null) as object, { a: 1 })]],
    [
      'a part of a larger buffer',
      [Buffer.from('abcdef').subarray(2, 4), new Uint8Array(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)],
    ],
    ['a tuple', [new Tuple('f', null, new Tuple(1, 'a'), {})]],
    ['100 levels', [nested(99)]],
  ];
  for (const [what, values] of edges) {
    it(`keeps ${what}`, () => {
      const list = [values];
      assert.deepEqual(inPython(list), list.map(described));
    });
  }

  it('is read alike by our own reader', () => {
    const value = { a: [1, 'ü', null, true, 2n ** 70n, 0.5], b: Buffer.from('x') };
    assert.deepEqual(pickle(written(value)).payload, value);
  });
});

describe('a value that cannot be a pickle', () => {
  const loop: { inner: unknown } = { inner: 1 };
  loop.inner = [loop];
  const refused: [string, unknown, RegExp][] = [
    ['a function', { a: [() => 1] }, /^value\.a\[0\] cannot be stored in a job: it is a function/],
    ['a symbol', [Symbol('x')], /it is a symbol/],
    ['an instance of a class', { at: new URL('http://a') }, /^value\.at .*it is an instance of URL/],
    ['a Map', new Map(), /an instance of Map/],
    ['an invalid date', [new Date(Number.NaN)], /it is an invalid date/],
    ['a loop', loop, /^value\.inner\[0\] .*it holds itself/],
    ['more than 100 levels', nested(200), /more than 100 levels/],
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('gone');
        },
      },
      /reading it failed: gone/,
    ],
  ];
  for (const [what, value, words] of refused) {
    it(`is an error that names the place: ${what}`, () => {
      assert.throws(
        () => written(value),
        (error) => error instanceof SerializeError && words.test(error.message),
      );
    });
  }

  const large: [string, unknown][] = [
    ['text', ['a'.repeat(2000)]],
    ['bytes', [Buffer.alloc(2000)]],
    ['a list', Array.from({ length: 2000 }, () => 1)],
    ['a sparse list of 4 billion', Object.assign([], { length: 4_294_967_295 })],
    ['an integer', [2n ** 10_000n]],
    ['keys', Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key ${i}`, 1]))],
  ];
  for (const [what, value] of large) {
    it(`is an error when it takes more bytes than it may: ${what}`, () => {
      assert.throws(() => written(value, 1000), /more than 1000 bytes/);
    });
  }
});

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

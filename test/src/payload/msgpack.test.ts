import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { encode } from '@msgpack/msgpack';
import { DecodeError } from '../../../src/errors.ts';
import { msgpack } from '../../../src/payload/msgpack.ts';
import { msgpackSizeMistake } from '../../../src/payload/msgpack-size.ts';

describe('the sizes that MessagePack declares', () => {
  const long = 'x'.repeat(70_000);
  const many = Array.from({ length: 70_000 }, (_, number) => number);
  const values: [string, unknown][] = [
    ['numbers', [0, 127, 128, 70_000, 2 ** 33, -1, -33, -200, -70_000, -(2 ** 33), 1.5]],
    ['text', ['', 'x'.repeat(31), 'x'.repeat(200), 'x'.repeat(300), long]],
    ['bytes', [new Uint8Array(3), new Uint8Array(300), new Uint8Array(70_000)]],
    ['lists', [[], [1], many.slice(0, 300), many]],
    ['maps', [{}, { a: 1 }, Object.fromEntries(many.slice(0, 300).map((n) => [`k${n}`, n]))]],
    ['a large map', Object.fromEntries(many.map((n) => [`k${n}`, n]))],
    ['dates, nothing and truth', [new Date(0), new Date(1.5e12 + 1), new Date(-1), null, true, false]],
  ];
  for (const [what, value] of values) {
    it(`are right for ${what}`, () => {
      const bytes = Buffer.from(encode(value));
      assert.equal(msgpackSizeMistake(bytes), undefined);
    });
  }

  for (const hex of ['dd01ffffff'.repeat(20), 'dfffffffff', 'dd00ffffff90', 'dcffff', '9f', '81']) {
    it(`are refused where more values are declared than there are bytes: ${hex.slice(0, 12)}`, () => {
      assert.throws(() => msgpack(Buffer.from(hex, 'hex')), DecodeError);
    });
  }

  it('take no memory: a hundred bytes that declare gigabytes are refused in a small process', () => {
    const file = join(__dirname, '../../../src/payload/msgpack.js');
    const script = `
      const { msgpack } = require(${JSON.stringify(file)});
      try { msgpack(Buffer.from('dd01ffffff'.repeat(20), 'hex')); } catch (error) { console.log(error.name); }`;
    const output = execFileSync(process.execPath, ['--max-old-space-size=64', '-e', script], {
      encoding: 'utf8',
    });
    assert.equal(output.trim(), 'DecodeError');
  });
});

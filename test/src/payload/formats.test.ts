import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { DecodeError, OptionsError } from '../../../src/base/errors.ts';
import { openArrow } from '../../../src/payload/arrow/arrow.ts';
import { auto } from '../../../src/payload/auto.ts';
import { openDecoder, type Decoder } from '../../../src/payload/decode.ts';
import type { PayloadFormat } from '../../../src/payload/formats.ts';
import { decode, pythonSamples, type Sample } from '../../helpers/payload.ts';
import { describeWith } from '../../helpers/requires.ts';

const arrow = openArrow();

after(() => arrow.close());

describeWith(['flowerpower'], 'payloads that Python made', function () {
  let samples: Sample[];
  const decoders = new Map<string, Decoder>();
  /** Shared by all samples of a format, because Arrow's decoder starts a process. */
  const decoderOf = (format: PayloadFormat, options: Sample['options']): Decoder => {
    const key = JSON.stringify([format, options]);
    const decoder = decoders.get(key) ?? openDecoder({ format, ...options });
    decoders.set(key, decoder);
    return decoder;
  };

  before(() => (samples = pythonSamples()));
  after(() => decoders.forEach((decoder) => decoder.close()));

  for (const format of ['json', 'yaml', 'msgpack', 'pickle', 'protobuf', 'pyarrow'] as PayloadFormat[]) {
    it(`as ${format} have the same values as in Python`, async () => {
      const ours = samples.filter((sample) => sample.format === format);
      assert.ok(ours.some(({ refused }) => refused === undefined));
      for (const { name, data, expected, refused, options } of ours) {
        const decoded = decoderOf(format, options).decode(data);
        if (refused === undefined) assert.deepEqual((await decoded).payload, expected, name);
        else await assert.rejects(decoded, isRefusal(data, new RegExp(refused)), name);
      }
    });
  }

  it('include the columns of a table', async () => {
    const tables = samples.filter(({ schema }) => schema);
    assert.equal(tables.length, 2);
    for (const { data, schema } of tables) {
      const decoder = openDecoder({ format: 'pyarrow' });
      const columns = (await decoder.decode(data)).schema ?? [];
      decoder.close();
      assert.deepEqual(
        columns.map(({ name }) => name),
        schema,
      );
      assert.deepEqual(columns[0], { name: 'big', type: 'Int64', nullable: true });
    }
  });

  it('are detected by auto, if their format can be detected', async () => {
    for (const { format, name, data, refused } of samples) {
      // Protobuf cannot be detected, and pickles of protocol 0 and 1 look like text.
      if (refused !== undefined || format === 'protobuf' || /protocol [01]/.test(name)) continue;
      assert.equal((await auto(data, arrow)).format, format, `${format} ${name}`);
    }
  });

  it('run no code', async () => {
    for (const { data } of samples) await auto(data, arrow);
    assert.equal(existsSync('/tmp/pwned'), false);
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });
});

describe('a format', () => {
  it('protobuf needs its file and the name of a message, and names what is missing', () => {
    const open = (options: object) => () => openDecoder({ format: 'protobuf', ...options });
    assert.throws(open({}), /needs proto_file/);
    assert.throws(open({ proto_file: '/nowhere.proto', proto_message: 'A' }), OptionsError);
  });

  it('yaml reads scalars as YAML 1.2 does', async () => {
    const source = Buffer.from('[1e3, 0o17, 017, yes, off, 1_000, 12:30:45, 2026-01-02, {<<: {a: 1}}]');
    const expected = [1000, 15, 17, 'yes', 'off', '1_000', '12:30:45', '2026-01-02', { '<<': { a: 1 } }];
    assert.deepEqual(await decode(source, { format: 'yaml' }), expected);
  });

  it('yaml refuses tags, duplicate keys, several documents and bombs', async () => {
    for (const payload of [
      '!!js/function "1"',
      'a: 1\na: 2',
      '{1: a, "1": b}',
      '? [a]\n: 1',
      'a: &x b\n*x : 1',
      'a: *x',
      'a\n---\nb',
      '[\n'.repeat(5000),
      '- '.repeat(5000),
      'a: &a [1,1,1]\nb: &b [*a,*a,*a]\nc: '.concat('*b,'.repeat(200)),
      'x'.repeat(300_000),
    ]) {
      await assert.rejects(
        decode(Buffer.from(payload), { format: 'yaml' }),
        DecodeError,
        payload.slice(0, 20),
      );
    }
  });
});

function isRefusal(payload: Buffer, words: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof DecodeError, String(error));
    assert.match(error.message, words);
    assert.equal(error.payload, payload);
    return true;
  };
}

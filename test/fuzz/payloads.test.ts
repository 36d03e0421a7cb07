import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DecodeError } from '../../src/base/errors.ts';
import { payloadFormats } from '../../src/payload/formats.ts';
import { pythonSamples } from '../helpers/payload.ts';
import { describeWith } from '../helpers/requires.ts';
import { openDecoder, type DecodeOptions } from '../../src/index.ts';
import { cpuTime } from '../helpers/cpu-time.ts';
import { holdsLater } from '../helpers/fuzz.ts';
import { aliases, hugeLengths, manyKeys, sharedReferences } from './hostile-payloads.ts';

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const json = fc.json().map((text) => Buffer.from(text));
/** JSON with a few changed bytes. */
const almostJson = fc
  .tuple(json, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
  .map(([payload, changes]) => {
    const changed = Buffer.from(payload);
    for (const [at, byte] of changes) changed[at % Math.max(1, changed.length)] = byte;
    return changed;
  });
const payloads = fc.oneof(bytes, json, almostJson);
/** Python's payloads with changed, removed or inserted bytes. */
const damaged = (samples: Buffer[]) =>
  fc
    .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
    .map(([sample, changes, cut]) => {
      const changed = Buffer.from(sample);
      for (const [at, byte] of changes) changed[at % changed.length] = byte;
      return cut % 3 === 0 ? changed.subarray(0, cut % changed.length) : changed;
    });

/** Maximum CPU time per payload in milliseconds; payloads refused for their size take up to a third of it. */
const MOST_TIME = 1000;

/** Checks that decoding returns a value or an error with the bytes, in bounded time and without side effects. */
async function ends(values: fc.Arbitrary<Buffer>, options: DecodeOptions, runs: number): Promise<void> {
  const decoder = openDecoder(options);
  const check = async (payload: Buffer) => {
    try {
      await decoder.decode(payload);
    } catch (error) {
      // Reading a stack is expensive with source maps.
      if (!(error instanceof DecodeError)) throw error;
      assert.ok(payload.equals(error.payload));
    }
  };
  const inTime = async (payload: Buffer) => {
    const spent = await cpuTime(() => check(payload));
    assert.ok(spent < MOST_TIME, `it took ${spent} ms`);
  };
  await holdsLater(values, inTime, { runs, timeout: 20_000 }).finally(() => decoder.close());
  assert.deepEqual(Object.keys(Object.prototype), []);
}

describe('any payload', function () {
  for (const format of payloadFormats.filter((one) => one !== 'protobuf')) {
    it(`as ${format} results in a value, or in an error with its bytes`, () =>
      ends(payloads, { format }, 2000));
  }
});

describe('a payload that is expensive for its size', function () {
  for (const [name, format, values, runs] of [
    ['many keys', 'json', manyKeys, 20],
    ['many keys', 'yaml', manyKeys, 20],
    ['huge lengths', 'msgpack', hugeLengths, 1000],
    ['aliases', 'yaml', aliases, 30],
    ['shared references', 'pickle', sharedReferences, 300],
  ] as const) {
    it(`${name}, as ${format} and as auto, results in a value, or in an error with its bytes`, async () => {
      await ends(values, { format }, runs);
      await ends(values, { format: 'auto' }, runs / 2);
    });
  }
});

describeWith(['flowerpower'], 'a damaged payload of Python', function () {
  for (const format of ['yaml', 'msgpack', 'pickle', 'protobuf', 'pyarrow'] as const) {
    it(`as ${format} results in a value, or in an error with its bytes`, async () => {
      const samples = pythonSamples().filter(
        (sample) => sample.format === format && sample.data.length < 50_000,
      );
      const [{ options } = { options: {} }] = samples;
      const values = damaged(samples.map(({ data }) => data));
      await ends(values, { format, ...options }, format === 'pyarrow' ? 60 : 1000);
      await ends(values, { format: 'auto' }, 100);
    });
  }
});

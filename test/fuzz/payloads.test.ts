import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DecodeError } from '../../src/errors.ts';
import { decode, payloadFormats } from '../../src/payload/decode.ts';
import { holdsLater } from '../helpers/fuzz.ts';

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const json = fc.json().map((text) => Buffer.from(text));
/** JSON with a few bytes that are not what they were. */
const almostJson = fc
  .tuple(json, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
  .map(([payload, changes]) => {
    const changed = Buffer.from(payload);
    for (const [at, byte] of changes) changed[at % Math.max(1, changed.length)] = byte;
    return changed;
  });
const payloads = fc.oneof(bytes, json, almostJson);

describe('any payload', () => {
  for (const format of payloadFormats) {
    it(`as ${format} becomes a value, or an error that holds it`, async () => {
      await holdsLater(
        payloads,
        async (payload) => {
          const error = await decode(payload, { format }).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          if (error === undefined) return;
          assert.ok(error instanceof DecodeError, (error as Error).stack);
          assert.deepEqual(error.payload, payload);
        },
        { runs: 2000, timeout: 1000 },
      );
      assert.deepEqual(Object.keys(Object.prototype), []);
    });
  }
});

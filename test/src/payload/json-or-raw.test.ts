import assert from 'node:assert/strict';
import { openDecoder } from '../../../src/payload/decode.ts';

describe('the format auto with wrapped payloads', () => {
  const decode = async (payload: Buffer) => {
    const decoder = openDecoder({ wrapPayload: true, maximumSize: 100 });
    return (await decoder.decode(payload)).payload;
  };

  for (const [what, json, value] of [
    ['an object', '{"a": [1, null]}', { a: [1, null] }],
    ['a text', '"on"', 'on'],
    ['a number', '21.5', 21.5],
    ['false', 'false', false],
  ] as const) {
    it(`passes on ${what} in JSON`, async () => assert.deepEqual(await decode(Buffer.from(json)), value));
  }

  for (const [what, raw_payload] of [
    ['text', '21.5 °C'],
    ['YAML', '---\na: 1\n'],
    ['nothing', ''],
    ['null', 'null'],
    ['JSON after a byte order mark', '\uFEFF{"a": 1}'],
  ] as const) {
    it(`makes a map with text and bytes of ${what}`, async () => {
      const payload_bytes = Buffer.from(raw_payload);
      assert.deepEqual(await decode(payload_bytes), { raw_payload, payload_bytes });
    });
  }

  it('makes a map with the bytes of what is no text, MessagePack included', async () => {
    const payload_bytes = Buffer.from([0x81, 0xa1, 0x61, 0xcd, 1, 0]);
    assert.deepEqual(await decode(payload_bytes), { payload_bytes, is_binary: true });
  });

  it('still refuses a payload that is too large', async () => {
    await assert.rejects(decode(Buffer.alloc(101)), /has 101 bytes, the limit is 100/);
  });
});

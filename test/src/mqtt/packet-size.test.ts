import assert from 'node:assert/strict';
import { generate } from 'mqtt-packet';
import { watchPacketSizes } from '../../../src/mqtt/packet-size.ts';

describe('the sizes of packets', () => {
  it('are read from bytes that come in pieces of any size', () => {
    const payloads = [0, 1, 100, 127, 128, 20_000, 70_000];
    const packets = payloads.map((length) =>
      generate({
        cmd: 'publish',
        topic: 'a',
        payload: Buffer.alloc(length, 0xff),
        qos: 0,
        dup: false,
        retain: false,
      }),
    );
    const bytes = Buffer.concat([...packets, Buffer.from([0xd0, 0])]);
    for (const piece of [1, 2, 3, 1000, bytes.length]) {
      const sizes: number[] = [];
      const watch = watchPacketSizes((size) => sizes.push(size));
      for (let at = 0; at < bytes.length; at += piece) watch(bytes.subarray(at, at + piece));
      // The topic takes three bytes.
      assert.deepEqual(sizes, [...payloads.map((length) => length + 3), 0], `in pieces of ${piece}`);
    }
  });
});

import assert from 'node:assert/strict';
import { LossyBuffer, type DropPolicy } from '../../../src/mqtt/lossy-buffer.ts';

const MIB = 1_048_576;

describe('the buffer of QoS 0 messages', () => {
  function open(drop: DropPolicy, running: number) {
    const handedOn: number[] = [];
    const settle: (() => void)[] = [];
    const buffer = new LossyBuffer<{ number: number; size: number }>({
      running,
      waiting: 1000,
      drop,
      sizeOf: ({ size }) => size,
      onDrop: () => undefined,
      deliver: ({ number }) => {
        handedOn.push(number);
        return new Promise((resolve) => settle.push(resolve));
      },
    });
    const push = (...sizes: number[]) => sizes.map((size, number) => buffer.push({ number, size }));
    return { buffer, handedOn, settle, push };
  }

  it('delivers no more while 32 MiB are unsettled', async () => {
    const { handedOn, settle, push } = open('oldest', 1000);
    push(20 * MIB, 20 * MIB, 1);
    assert.deepEqual(handedOn, [0, 1]);
    settle.shift()?.();
    await new Promise(setImmediate);
    assert.deepEqual(handedOn, [0, 1, 2]);
  });

  for (const [drop, kept] of [
    ['oldest', [0, 3, 4]],
    ['newest', [0, 1, 2]],
  ] as const) {
    it(`lets at most 32 MiB wait, and drops the ${drop}`, async () => {
      const { buffer, handedOn, settle, push } = open(drop, 1);
      push(1, 15 * MIB, 15 * MIB, 15 * MIB, 15 * MIB);
      assert.deepEqual([buffer.waiting, buffer.dropped], [2, 2]);
      while (handedOn.length < 3) {
        settle.shift()?.();
        await new Promise(setImmediate);
      }
      assert.deepEqual(handedOn, kept);
    });
  }
});

import assert from 'node:assert/strict';
import { afterReading } from '../../../src/base/after-reading.ts';
import { standStill } from '../../helpers/stand-still.ts';

describe('what happens after a time', () => {
  it('can still be cancelled by what was read after a standstill', async () => {
    const seen: string[] = [];
    const cancel = afterReading(20, () => seen.push('late'));
    // Read before immediates are called, like an answer.
    setTimeout(() => {
      seen.push('read');
      cancel();
    }, 20);
    standStill(50);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(seen, ['read']);
  });

  it('happens if nothing cancels it', async () => {
    await new Promise<void>((resolve) => afterReading(1, resolve));
  });
});

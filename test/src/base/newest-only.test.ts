import assert from 'node:assert/strict';
import { newestOnly } from '../../../src/base/newest-only.ts';
import { until } from '../../helpers/until.ts';

describe('the progress of a run', () => {
  it('is stored one value at a time; of the values that wait, only the latest is stored', async () => {
    const stored: number[] = [];
    const ends: (() => void)[] = [];
    const give = newestOnly<number>((value) => {
      stored.push(value);
      return new Promise((end) => ends.push(end));
    });
    for (let n = 1; n <= 1000; n++) give(n);
    assert.deepEqual(stored, [1]);
    ends[0]?.();
    await until('the newest is stored', () => stored.length === 2);
    assert.deepEqual(stored, [1, 1000]);
    ends[1]?.();
    await until('nothing is under way', () => {
      if (ends.length === 2) give(1001);
      return stored.length === 3;
    });
    assert.deepEqual(stored, [1, 1000, 1001]);
  });
});

import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { newestOnly, oneAtATime, together } from '../../../src/base/one-at-a-time.ts';
import { until } from '../../helpers/until.ts';

describe('one at a time', () => {
  it('a task starts when the one before has ended, whatever took longer', async () => {
    const inOrder = oneAtATime();
    const seen: string[] = [];
    let endFirst = () => {};
    const first = inOrder(async () => {
      seen.push('first starts');
      await new Promise<void>((resolve) => (endFirst = resolve));
      seen.push('first ends');
    });
    const second = inOrder(async () => void seen.push('second'));
    await setImmediate();
    endFirst();
    await Promise.all([first, second]);
    assert.deepEqual(seen, ['first starts', 'first ends', 'second']);
  });

  it('a task that fails does not stop the next one, and its error is passed on', async () => {
    const inOrder = oneAtATime();
    const failed = inOrder(async () => Promise.reject(new Error('broken')));
    const next = inOrder(async () => 'ran');
    await assert.rejects(failed, /broken/);
    assert.equal(await next, 'ran');
  });
});

describe('calls that are made together', () => {
  it('take what comes while one runs into the next, and share its outcome', async () => {
    const calls: { items: number[]; settle: (error?: Error) => void }[] = [];
    const act = together<number>(
      (items) =>
        new Promise((resolve, reject) => {
          calls.push({ items, settle: (error) => (error ? reject(error) : resolve()) });
        }),
    );
    const first = [1, 2].map(act);
    await setImmediate();
    const second = [3, 4].map(act);
    await setImmediate();
    assert.deepEqual(
      calls.map(({ items }) => items),
      [[1, 2]],
    );
    calls[0]?.settle(new Error('away'));
    for (const one of first) await assert.rejects(one, /away/);
    await setImmediate();
    assert.deepEqual(calls[1]?.items, [3, 4]);
    calls[1]?.settle();
    await Promise.all(second);
  });
});

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

import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { together } from '../../../src/queue/together.ts';

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

import assert from 'node:assert/strict';
import { oneAtATime } from '../../../src/engine/one-at-a-time.ts';

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
    await new Promise((resolve) => setImmediate(resolve));
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

import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { OneATurn } from '../../../nodes/settlement/one-a-turn.ts';

describe('one per turn', () => {
  it('runs the tasks of a key in order, one per turn, independently of other keys', async () => {
    const tasks = new OneATurn();
    const done: string[] = [];
    const [a, b] = [{}, {}];
    for (const name of ['a1', 'a2', 'a3']) tasks.add(a, () => done.push(name));
    tasks.add(b, () => done.push('b1'));
    assert.equal(done.length, 0);
    await turn();
    assert.deepEqual(done, ['a1', 'b1']);
    await turn();
    assert.deepEqual(done, ['a1', 'b1', 'a2']);
    await turn();
    assert.deepEqual(done, ['a1', 'b1', 'a2', 'a3']);
    tasks.add(a, () => done.push('a4'));
    await turn();
    assert.equal(done.at(-1), 'a4');
  });
});

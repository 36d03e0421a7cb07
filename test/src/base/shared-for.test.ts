import assert from 'node:assert/strict';
import { sharedFor } from '../../../src/base/shared-for.ts';

describe('an answer that is shared for a time', () => {
  it('is the same for all who ask the same meanwhile', async () => {
    let asked = 0;
    const ask = sharedFor(60_000, async (question: string) => `${question} ${(asked += 1)}`);
    assert.deepEqual(await Promise.all([ask('a'), ask('a')]), ['a 1', 'a 1']);
    assert.equal(await ask('a'), 'a 1');
    assert.equal(await ask('b'), 'b 2', 'another question');
  });

  it('is asked for anew after its time', async () => {
    let asked = 0;
    const ask = sharedFor(0, async () => (asked += 1));
    assert.deepEqual([await ask(undefined), await ask(undefined)], [1, 2]);
  });

  it('is not kept when it is an error', async () => {
    let asked = 0;
    const ask = sharedFor(60_000, async () => {
      asked += 1;
      if (asked === 1) throw new Error('away');
      return asked;
    });
    await assert.rejects(Promise.all([ask(undefined), ask(undefined)]), /away/);
    assert.equal(await ask(undefined), 2);
  });
});

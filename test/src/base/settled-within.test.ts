import assert from 'node:assert/strict';
import { settledWithin } from '../../../src/base/settled-within.ts';
import { standStill } from '../../helpers/stand-still.ts';

const never = new Promise(() => undefined);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('waiting for work that must not take longer than a time', () => {
  it('ends with the work, also if that fails, or with the time', async () => {
    assert.equal(await settledWithin(60_000, turn()), true);
    assert.equal(await settledWithin(60_000, Promise.reject(new Error('no'))), true);
    assert.equal(await settledWithin(0, never), false);
    const began = performance.now();
    assert.equal(await settledWithin(250, never), false);
    assert.ok(performance.now() - began >= 245);
  });

  it('does not take its own standstill for that of the work', async () => {
    const work = async () => {
      await turn();
      standStill(600);
      // Two answers that came meanwhile.
      await turn();
      await turn();
    };
    assert.equal(await settledWithin(500, work()), true);
  });
});

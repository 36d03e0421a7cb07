import assert from 'node:assert/strict';
import { Sampler } from '../../../nodes/fp-jobs/sampler.ts';
import { until } from '../../helpers/until.ts';

/** A sampler that counts its samples of each queue. */
function counting({ lease = 60_000, interval = 5, sample = async () => 'a sample' } = {}) {
  const sampled: string[] = [];
  const published: [string, string | undefined][] = [];
  const sampler = new Sampler<string>({
    sample: (queue) => {
      sampled.push(queue);
      return sample();
    },
    publish: (...one) => published.push(one),
    lease,
    interval,
  });
  return { sampler, sampled, published };
}

describe('Sampler', () => {
  it('samples a queue once for everyone who looks', async () => {
    const { sampler, sampled, published } = counting({ interval: 60_000 });
    const looks = [sampler.look('a'), sampler.look('a'), sampler.look('b')];
    assert.deepEqual(await Promise.all(looks), ['a sample', 'a sample', 'a sample']);
    await sampler.look('a');
    assert.deepEqual(sampled, ['a', 'b']);
    assert.deepEqual(published, [
      ['a', 'a sample'],
      ['b', 'a sample'],
    ]);
  });

  it('samples again and again while somebody looks, and not afterwards', async () => {
    const looked = counting();
    await looked.sampler.look('a');
    await until('there are further samples', () => looked.sampled.length > 2);
    looked.sampler.reset();

    // The pause before the next sample depends on the speed of the machine, so no lease is surely longer than it.
    const forgotten = counting({ lease: 0 });
    await forgotten.sampler.look('a');
    await until('a look needs a new sample', () => {
      const before = forgotten.sampled.length;
      void forgotten.sampler.look('a');
      return forgotten.sampled.length > before;
    });
    assert.equal(forgotten.sampled.length, 2);
  });

  it('publishes that a sample failed, and tells the reason to those who look', async () => {
    const sample = () => Promise.reject(new Error('the store is unreachable'));
    const { sampler, published } = counting({ sample, interval: 60_000 });
    await assert.rejects(sampler.look('a'), /the store is unreachable/);
    assert.deepEqual(published, [['a', undefined]]);
  });

  it('samples a changed queue at once, if somebody looks', async () => {
    const { sampler, sampled } = counting({ interval: 60_000 });
    sampler.refresh('a');
    assert.deepEqual(sampled, []);
    await sampler.look('a');
    sampler.refresh('a');
    assert.deepEqual(sampled, ['a', 'a']);
  });
});

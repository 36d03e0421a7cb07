import assert from 'node:assert/strict';
import { Sampler } from '../../../nodes/fp-jobs/sampler.ts';
import { until } from '../../helpers/until.ts';

/** A sampler that counts its samples of each queue. */
function counting({ lease = 60_000, interval = 5, sample = async () => 'a sample' } = {}) {
  const sampled: string[] = [];
  const published: [string, string | undefined][] = [];
  let last = 0;
  const sampler = new Sampler<string>({
    sample: (queue) => {
      sampled.push(queue);
      last = Date.now();
      return sample();
    },
    publish: (...one) => published.push(one),
    lease,
    interval,
  });
  return { sampler, sampled, published, last: () => last };
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
    const { sampler, sampled, last } = counting({ lease: 100 });
    await until('there are further samples', async () => {
      await sampler.look('a');
      return sampled.length > 2;
    });
    await until('there are no further samples', () => Date.now() - last() > 300);
    const before = sampled.length;
    await sampler.look('a');
    assert.equal(sampled.length, before + 1);
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

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Sampler } from '../../../nodes/fp-jobs/sampler.ts';

/** A sampler that counts its samples of each queue. */
function counting({ sample = async () => 'a sample' } = {}) {
  const sampled: string[] = [];
  const published: [string, string | undefined][] = [];
  const sampler = new Sampler<string>({
    sample: (queue) => {
      sampled.push(queue);
      return sample();
    },
    publish: (...one) => published.push(one),
    lease: 60_000,
    interval: 60_000,
  });
  return { sampler, sampled, published };
}

describe('Sampler', () => {
  it('samples a queue once for everyone who looks', async () => {
    const { sampler, sampled, published } = counting();
    const looks = [sampler.look('a'), sampler.look('a'), sampler.look('b')];
    assert.deepEqual(await Promise.all(looks), ['a sample', 'a sample', 'a sample']);
    await sampler.look('a');
    assert.deepEqual(sampled, ['a', 'b']);
    assert.deepEqual(published, [
      ['a', 'a sample'],
      ['b', 'a sample'],
    ]);
  });

  it('publishes that a sample failed, and tells the reason to those who look', async () => {
    const sample = () => Promise.reject(new Error('the store is unreachable'));
    const { sampler, published } = counting({ sample });
    await assert.rejects(sampler.look('a'), /the store is unreachable/);
    assert.deepEqual(published, [['a', undefined]]);
  });

  it('samples a changed queue at once, if somebody looks', async () => {
    const { sampler, sampled } = counting();
    sampler.refresh('a');
    assert.deepEqual(sampled, []);
    await sampler.look('a');
    sampler.refresh('a');
    assert.deepEqual(sampled, ['a', 'a']);
  });
});

describe('Sampler, in the time of a clock that the test turns', () => {
  let begun: number[];
  let sampler: Sampler<string>;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    begun = [];
  });
  afterEach(() => {
    sampler.reset();
    mock.timers.reset();
  });

  /** Starts to look at a queue whose samples take so many milliseconds. */
  const look = (duration: number, lease = 600_000) => {
    const sample = () => {
      begun.push(Date.now());
      return new Promise<string>((resolve) => setTimeout(() => resolve('a sample'), duration));
    };
    sampler = new Sampler<string>({ sample, publish: () => undefined, lease });
    void sampler.look('a');
  };
  const pass = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      mock.timers.tick(100);
      // A sample that has ended is noticed in a later microtask.
      await new Promise(setImmediate);
    }
  };
  const since = (time: number) => begun.map((at) => at - time).filter((after) => after >= 0);

  it('samples again and again while somebody looks, and not afterwards', async () => {
    look(100, 30_000);
    await pass(20_000);
    void sampler.look('a');
    await pass(200_000);
    assert.deepEqual(since(5000), [9200, 19_300, 29_400, 39_500]);
    void sampler.look('a');
    assert.equal(begun.at(-1), Date.now());
  });

  it('samples some times soon after somebody begins to look, then rests 100 times the duration', async () => {
    look(100);
    await pass(25_000);
    assert.deepEqual(since(0), [0, 500, 1000, 1500, 2400, 4100, 14_200, 24_300]);
  });

  it('samples some times soon after a change, though it was resting', async () => {
    look(100);
    await pass(6000);
    const changed = Date.now();
    sampler.refresh('a');
    await pass(15_000);
    assert.deepEqual(since(changed), [0, 500, 1000, 1500, 2400, 4100, 14_200]);
  });

  it('rests at least four times the duration of a slow sample', async () => {
    look(1000);
    await pass(20_000);
    assert.deepEqual(since(0), [0, 5000, 10_000, 15_000, 20_000]);
  });
});

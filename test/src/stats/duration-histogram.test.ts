import assert from 'node:assert/strict';
import { DurationHistogram, durationBounds } from '../../../src/stats/duration-histogram.ts';

function histogramOf(durations: number[]): DurationHistogram {
  const histogram = new DurationHistogram();
  for (const ms of durations) histogram.record(ms);
  return histogram;
}

describe('a histogram of durations', () => {
  it('has a percentile within the bucket of the right duration', () => {
    const durations = Array.from({ length: 1000 }, (_, n) => n + 1);
    for (const part of [0.01, 0.5, 0.95, 1]) {
      const right = part * 1000;
      const found = histogramOf(durations).percentile(part) ?? NaN;
      assert.ok(found > right / 1.7 && found < right * 1.7, `${part}: ${found}`);
    }
  });

  it('has no percentile before the first duration', () => {
    assert.equal(new DurationHistogram().percentile(0.5), undefined);
  });

  it('has the same percentiles for the durations of two processes as for all together', () => {
    const [fast, slow] = [Array<number>(90).fill(3), Array<number>(10).fill(5000)];
    const merged = histogramOf(fast);
    merged.merge(histogramOf(slow).counts);
    const together = histogramOf([...fast, ...slow]);
    assert.deepEqual(merged.counts, together.counts);
    assert.equal(merged.percentile(0.95), together.percentile(0.95));
    assert.equal(merged.total(), 100);
  });

  it('adds counts that lack buckets at the end', () => {
    const histogram = histogramOf([1]);
    histogram.merge([2, 1]);
    assert.deepEqual([histogram.counts[0], histogram.counts[1], histogram.total()], [3, 1, 4]);
  });

  it('counts each duration once, from nothing to longer than the last bound', () => {
    const last = durationBounds.at(-1) ?? 0;
    const histogram = histogramOf([0, 1, 1.1, last, last * 10, -5]);
    assert.equal(histogram.total(), 6);
    assert.equal(histogram.counts[0], 3);
    assert.equal(histogram.counts.at(-1), 1);
    assert.equal(histogram.percentile(1), last);
  });

  it('has bounds that grow', () => {
    assert.deepEqual(
      durationBounds.toSorted((a, b) => a - b),
      [...new Set(durationBounds)],
    );
  });
});

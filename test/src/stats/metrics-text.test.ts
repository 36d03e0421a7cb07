import assert from 'node:assert/strict';
import { DurationHistogram } from '../../../src/stats/duration-histogram.ts';
import { metricsText, type Labels, type Metric } from '../../../src/stats/metrics-text.ts';

interface Source {
  labels: Labels;
  value: ReturnType<Metric<Source>['read']>;
}

const metric = (type: Metric<Source>['type']): Metric<Source> => ({
  name: 'fp_x',
  type,
  help: 'What "x" \\ is.',
  read: ({ value }) => value,
});

describe('the text of metrics', () => {
  it('has a line for each source, with its labels', () => {
    const sources = [
      { labels: { queue: 'a', store: 'redis' }, value: 1 },
      { labels: { queue: 'b', store: 'redis' }, value: 0.5 },
    ];
    assert.equal(
      metricsText([metric('gauge')], sources),
      '# HELP fp_x What "x" \\\\ is.\n# TYPE fp_x gauge\n' +
        'fp_x{queue="a",store="redis"} 1\nfp_x{queue="b",store="redis"} 0.5\n',
    );
  });

  it('adds the labels of a value to those of its source', () => {
    const value = [[{ state: 'dead' }, 2] as const];
    assert.match(
      metricsText([metric('gauge')], [{ labels: { queue: 'a' }, value }]),
      /^fp_x\{queue="a",state="dead"\} 2$/m,
    );
  });

  it('escapes quotes, backslashes and line breaks in labels', () => {
    assert.match(
      metricsText([metric('counter')], [{ labels: { queue: 'a"\\\n' }, value: 1 }]),
      /^fp_x\{queue="a\\"\\\\\\n"\} 1$/m,
    );
  });

  it('leaves out what no source knows', () => {
    assert.equal(metricsText([metric('gauge')], [{ labels: {}, value: undefined }]), '');
  });

  it('adds up the buckets of a histogram, in seconds', () => {
    const value = new DurationHistogram();
    for (const ms of [0, 2, 2, 1e9]) value.record(ms);
    const text = metricsText([metric('histogram')], [{ labels: { queue: 'a' }, value }]);
    assert.match(text, /^fp_x_bucket\{queue="a",le="0.001"\} 1$/m);
    assert.match(text, /^fp_x_bucket\{queue="a",le="0.0025"\} 3$/m);
    assert.match(text, /^fp_x_bucket\{queue="a",le="\+Inf"\} 4$/m);
    assert.match(text, /^fp_x_sum\{queue="a"\} 1000000.004$/m);
    assert.match(text, /^fp_x_count\{queue="a"\} 4$/m);
  });
});

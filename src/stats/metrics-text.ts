import { durationBounds, DurationHistogram } from './duration-histogram.ts';

export type Labels = Readonly<Record<string, string>>;

/** A value, with labels in addition to those of its source. */
type Labelled = readonly [Labels, number];

/** A metric of Prometheus, which reads its values from sources of one kind, for instance queues. */
export interface Metric<S> {
  /** A counter's name ends with `_total`; units are base units, for instance `_seconds`. */
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  /** Undefined if the source does not know the value. */
  read: (source: S) => number | readonly Labelled[] | DurationHistogram | undefined;
}

/**
 * Writes metrics in the text format of Prometheus 0.0.4. Leaves out a metric of which no source has a value.
 * The labels of two sources must differ.
 */
export function metricsText<S extends { labels: Labels }>(metrics: Metric<S>[], sources: S[]): string {
  return metrics.map((metric) => family(metric, sources)).join('');
}

function family<S extends { labels: Labels }>(metric: Metric<S>, sources: S[]): string {
  const { name, type, help } = metric;
  const samples = sources.flatMap((source) => samplesOf(metric, source));
  if (samples.length === 0) return '';
  return [`# HELP ${name} ${escape(help)}`, `# TYPE ${name} ${type}`, ...samples, ''].join('\n');
}

function samplesOf<S extends { labels: Labels }>({ name, read }: Metric<S>, source: S): string[] {
  const { labels } = source;
  const found = read(source);
  if (found === undefined) return [];
  if (typeof found === 'number') return [sample(name, labels, found)];
  if (found instanceof DurationHistogram) return histogram(name, labels, found);
  return found.map(([more, value]) => sample(name, { ...labels, ...more }, value));
}

/** In seconds. Each bucket includes those before it. */
function histogram(name: string, labels: Labels, { counts, sum }: DurationHistogram): string[] {
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    const bound = durationBounds[index];
    return sample(
      `${name}_bucket`,
      { ...labels, le: bound === undefined ? '+Inf' : `${bound / 1000}` },
      total,
    );
  });
  return [...buckets, sample(`${name}_sum`, labels, sum / 1000), sample(`${name}_count`, labels, total)];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text, '"')}"`);
  return `${name}{${pairs.join()}} ${value}`;
}

/** A help text may have quotes, the value of a label may not. */
function escape(text: string, quote = ''): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return quote ? escaped.replaceAll(quote, `\\${quote}`) : escaped;
}

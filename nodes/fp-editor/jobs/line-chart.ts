import { textIn } from './elements.ts';
import { pathThrough, svg } from './svg.ts';

const HEIGHT = 110;
/** Room for the axes in pixels. */
const LEFT = 40;
const RIGHT = 6;
const TOP = 6;
const BOTTOM = 16;

interface Series {
  /** Selects the colour in the style sheet. */
  name: string;
  label: string;
  /** One for each time; undefined leaves a gap. */
  values: (number | undefined)[];
}

export interface Chart {
  title: string;
  width: number;
  /** Milliseconds, in equal steps. */
  times: number[];
  series: Series[];
  /** Vertical lines with a tooltip. */
  marks: { time: number; title: string }[];
  formatValue: (value: number) => string;
  /** The axis of values goes up to this at least. */
  least: number;
  formatTime: (time: number) => string;
  /** Number of texts at the axis of time. */
  ticks: number;
}

/** Draws lines over time. Under the mouse, the legend has the values of that time. */
export function lineChart(chart: Chart): JQuery {
  const { title, width, times, series, least } = chart;
  const most = roundUp(Math.max(least, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const scale = scaleOf(chart, most);
  const picture = svg('svg', { width, height: HEIGHT, role: 'img', 'aria-label': title });
  picture.append(...valueAxis(chart, most, scale), ...timeAxis(chart, scale), ...marks(chart, scale));
  for (const { name, values } of series) {
    const points = values.map((value, n) =>
      value === undefined ? undefined : ([scale.x(times[n]!), scale.y(value)] as [number, number]),
    );
    picture.append(svg('path', { d: pathThrough(points), class: `fp-jobs-line-${name}` }));
  }
  const legend = $('<div class="fp-jobs-legend">');
  const cursor = svg('line', { y1: TOP, y2: HEIGHT - BOTTOM, class: 'fp-jobs-cursor' });
  picture.append(cursor);
  const point = (n: number | undefined) => {
    const x = n === undefined ? -10 : scale.x(times[n]!);
    cursor.setAttribute('x1', `${x}`);
    cursor.setAttribute('x2', `${x}`);
    legend.empty().append(legendTexts(chart, n));
  };
  picture.addEventListener('mousemove', ({ offsetX }) => point(scale.nearest(offsetX)));
  picture.addEventListener('mouseleave', () => point(undefined));
  point(undefined);
  return $('<div class="fp-jobs-chart">').append(textIn('h4', 'fp-jobs-title', title), legend, picture);
}

interface Scale {
  x: (time: number) => number;
  y: (value: number) => number;
  /** Returns the index of the time at a position. */
  nearest: (x: number) => number;
}

function scaleOf({ width, times }: Chart, most: number): Scale {
  const [first = 0, last = 1] = [times[0], times.at(-1)];
  const span = Math.max(1, last - first);
  const room = width - LEFT - RIGHT;
  return {
    x: (time) => LEFT + ((time - first) / span) * room,
    y: (value) => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM),
    nearest: (x) => {
      const n = Math.round(((x - LEFT) / room) * (times.length - 1));
      return Math.min(times.length - 1, Math.max(0, n));
    },
  };
}

function valueAxis({ width, formatValue }: Chart, most: number, { y }: Scale): SVGElement[] {
  return [0, most / 2, most].flatMap((value) => {
    const text = svg('text', { x: LEFT - 5, y: y(value) + 3, 'text-anchor': 'end' });
    text.textContent = formatValue(value);
    return [
      svg('line', { x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value), class: 'fp-jobs-grid' }),
      text,
    ];
  });
}

function timeAxis({ times, formatTime, ticks }: Chart, { x }: Scale): SVGElement[] {
  const step = Math.max(1, Math.floor(times.length / ticks));
  const shown = times.filter((_time, n) => n % step === 0);
  return shown.map((time) => {
    const text = svg('text', { x: x(time), y: HEIGHT - 3 });
    text.textContent = formatTime(time);
    return text;
  });
}

function marks({ marks: all, times }: Chart, { x }: Scale): SVGElement[] {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const shown = all.filter(({ time }) => time >= first && time <= last);
  return shown.map(({ time, title }) => {
    const line = svg('line', {
      x1: x(time),
      x2: x(time),
      y1: TOP,
      y2: HEIGHT - BOTTOM,
      class: 'fp-jobs-mark',
    });
    const tooltip = svg('title');
    tooltip.textContent = title;
    line.append(tooltip);
    return line;
  });
}

/** Names the lines; with the values at the time `n`. */
function legendTexts({ series, times, formatTime, formatValue }: Chart, n: number | undefined): JQuery[] {
  const names = series.map(({ name, label, values }) => {
    const value = n === undefined ? undefined : values[n];
    const text = value === undefined ? label : `${label} ${formatValue(value)}`;
    return textIn('span', `fp-jobs-legend-${name}`, text);
  });
  return n === undefined ? names : [...names, textIn('span', 'fp-jobs-side', formatTime(times[n]!))];
}

/** Rounds up to 1, 2 or 5 times a power of 10, so that half of it is short to write. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((one) => one * power >= value) ?? 10;
  return factor * power;
}

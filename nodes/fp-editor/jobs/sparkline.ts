import { pathThrough, svg } from './svg.ts';

const WIDTH = 60;
const HEIGHT = 16;

/** Draws two rows of numbers in one small picture: jobs that came in, and jobs that ended. */
export function sparkline(title: string, { added, ended }: { added: number[]; ended: number[] }): SVGElement {
  const most = Math.max(1, ...added, ...ended);
  const line = (numbers: number[], name: string) => {
    const step = WIDTH / Math.max(1, numbers.length - 1);
    const points = numbers.map((n, i): [number, number] => [
      i * step,
      HEIGHT - 1 - (n / most) * (HEIGHT - 2),
    ]);
    return svg('path', { d: pathThrough(points), class: `fp-jobs-line-${name}` });
  };
  const picture = svg('svg', {
    class: 'fp-jobs-sparkline',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    role: 'img',
    'aria-label': title,
  });
  picture.append(line(added, 'added'), line(ended, 'ended'));
  return picture;
}

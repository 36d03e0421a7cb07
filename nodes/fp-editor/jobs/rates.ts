import type { Rates } from '../../fp-jobs/answers.ts';
import { textIn } from './elements.ts';
import { label } from './label.ts';
import { sparkline } from './sparkline.ts';

/** Jobs in and out a minute, with a picture of the last half hour. */
export function ratesElement({ added, ended }: Rates): JQuery {
  const n = (numbers: number[]) => (numbers.at(-1) ?? 0).toLocaleString('en-US');
  const text = label('rates', { added: n(added), ended: n(ended) });
  return $('<span class="fp-jobs-rates">').append(
    textIn('span', '', text),
    sparkline(label('sparkline'), { added, ended }),
  );
}

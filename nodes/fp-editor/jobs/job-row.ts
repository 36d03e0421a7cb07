import type { AnyJobState } from '../../../src/base/model.ts';
import type { RowView } from '../../fp-jobs/answers.ts';
import { textIn } from './elements.ts';
import { label } from './label.ts';
import { duration } from './texts.ts';

/** Height of the rows of a state in pixels; the style sheet draws two lines, and a third for the error. */
export function rowHeight(state: AnyJobState): number {
  return state === 'dead' ? 62 : 44;
}

/** Draws a job in a list: pipeline, topic, age, attempts, and the first line of the error. */
export function rowElement(row: RowView): JQuery {
  const { id, state, name, topic, attempt, attempts, error } = row;
  const tries = attempts > 1 || attempt > 1 ? label('attempt', { n: `${attempt}/${attempts}` }) : '';
  const line = (left: JQuery, right: string) =>
    $('<div class="fp-jobs-line">').append(left, textIn('span', 'fp-jobs-side', right));
  return $('<div>')
    .addClass(`fp-jobs-row-${state}`)
    .attr('data-job', id)
    .append(
      line(textIn('span', 'fp-jobs-name', name), age(row)),
      line(textIn('span', 'fp-jobs-topic', topic ?? ''), tries),
      error === undefined ? $() : textIn('div', 'fp-jobs-error', error).attr('title', error),
    );
}

/** Time since the job ended, started or was added; or until it is due. */
function age({ state, finishedAt, startedAt, addedAt, dueAt }: RowView): string {
  if (dueAt !== undefined) return label('due', { time: duration(Date.parse(dueAt) - Date.now()) });
  const since = finishedAt ?? (state === 'running' ? startedAt : undefined) ?? addedAt;
  return duration(Date.now() - Date.parse(since));
}

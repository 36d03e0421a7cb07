import { jobStates, type JobState } from '../../../src/base/model.ts';
import type { QueueView } from '../../fp-jobs/answers.ts';
import { textIn } from './elements.ts';
import { label } from './label.ts';
import { count, duration } from './texts.ts';

/** The queue at a glance: paused, workers, the oldest waiting job, and the number of jobs in each state. */
export class Glance {
  readonly element = $('<div class="fp-jobs-glance">');
  readonly #ribbon = $('<div class="fp-jobs-paused" role="status">').hide();
  readonly #facts = $('<div class="fp-jobs-facts">');
  readonly #states = $('<div class="fp-jobs-states" role="tablist">');
  readonly #numbers = new Map<JobState, JQuery>();

  constructor(onState: (state: JobState) => void) {
    this.#ribbon.text(label('paused'));
    for (const state of jobStates) {
      const number = textIn('b', 'fp-jobs-number', '–');
      const tab = $('<button type="button" role="tab">')
        .attr('data-fp', `state-${state}`)
        .append(number, textIn('span', '', label(`state.${state}`)))
        .on('click', () => onState(state));
      this.#numbers.set(state, number);
      this.#states.append(tab);
    }
    this.element.append(this.#ribbon, this.#facts, this.#states);
  }

  select(state: JobState): void {
    this.#states.children().each((_index, tab) => {
      const isSelected = $(tab).attr('data-fp') === `state-${state}`;
      $(tab).attr('aria-selected', `${isSelected}`);
    });
  }

  show({ state, workers, countedTo }: QueueView): void {
    this.#ribbon.toggle(state.isPaused);
    for (const [name, number] of this.#numbers) {
      number.text(count(state.counts[name], countedTo)).toggleClass('fp-jobs-zero', state.counts[name] === 0);
    }
    this.#numbers.get('dead')?.toggleClass('fp-jobs-bad', state.counts.dead > 0);
    this.#facts.empty().append(oldest(state.oldestWaiting), workerTexts(workers));
  }

  clear(): void {
    this.#ribbon.hide();
    this.#facts.empty();
    for (const number of this.#numbers.values()) number.text('–');
  }
}

function oldest(ms: number | undefined): JQuery {
  return textIn(
    'div',
    '',
    ms === undefined ? label('oldest.none') : label('oldest.since', { age: duration(ms) }),
  );
}

function workerTexts(workers: QueueView['workers']): JQuery {
  if (workers.length === 0) return textIn('div', 'fp-jobs-bad', label('workers.none'));
  const names = workers.map(({ name, machine, concurrency }) =>
    machine === undefined ? name : `${machine} ×${concurrency}`,
  );
  return textIn('div', '', `${label('workers.some')} ${names.join(', ')}`);
}

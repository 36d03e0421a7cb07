import { jobStates, type JobState } from '../../../src/base/model.ts';
import type { QueueNumbers, WorkerView } from '../../fp-jobs/answers.ts';
import { button, textIn } from './elements.ts';
import { label } from './label.ts';
import { rates } from './rates.ts';
import { count, duration } from './texts.ts';

/** A tab below the numbers. */
export type Tab = JobState | 'charts';

interface Listeners {
  onTab: (tab: Tab) => void;
  /** Stops the bulk action under way; undefined if the user may not. */
  onStop: (() => void) | undefined;
}

/** The queue at a glance: paused, rates, workers, the oldest waiting job, and the number of jobs in each state. */
export class Glance {
  readonly element = $('<div class="fp-jobs-glance">');
  readonly #ribbon = textIn('div', 'fp-jobs-paused', label('paused')).attr('role', 'status').hide();
  readonly #bulk = $('<div class="fp-jobs-bulk" role="status">').hide();
  readonly #bulkText = $('<span>');
  readonly #facts = $('<div class="fp-jobs-facts">');
  readonly #tabs = $('<div class="fp-jobs-tabs" role="tablist">');
  readonly #counts = new Map<JobState, JQuery>();

  constructor({ onTab, onStop }: Listeners) {
    this.#bulk.append(this.#bulkText);
    if (onStop) this.#bulk.append(button('stop_bulk', { text: 'action.stop_bulk', onClick: onStop }));
    for (const state of jobStates) {
      const number = textIn('b', 'fp-jobs-count', '–');
      this.#counts.set(state, number);
      this.#addTab(state, onTab, [number, textIn('span', '', label(`state.${state}`))]);
    }
    const icon = $('<b class="fp-jobs-count"><i class="fa fa-line-chart" aria-hidden="true"></i></b>');
    this.#addTab('charts', onTab, [icon, textIn('span', '', label('charts.title'))]);
    this.element.append(this.#ribbon, this.#bulk, this.#facts, this.#tabs);
  }

  select(tab: Tab): void {
    this.#tabs.children().each((_index, element) => {
      const isSelected = $(element).attr('data-fp') === `tab-${tab}`;
      $(element).attr('aria-selected', `${isSelected}`);
    });
  }

  show(numbers: QueueNumbers, workers: WorkerView[]): void {
    const { counts, countedTo, isPaused, oldestWaiting, bulk } = numbers;
    this.#ribbon.toggle(isPaused);
    this.#bulk.toggle(bulk !== undefined);
    this.#bulkText.text(label('underWay', { n: count(bulk ?? 0, Infinity) }));
    for (const [name, number] of this.#counts) {
      number.text(count(counts[name], countedTo)).toggleClass('fp-jobs-zero', counts[name] === 0);
    }
    this.#counts.get('dead')?.toggleClass('fp-jobs-bad', counts.dead > 0);
    const left = $('<div>').append(rates(numbers));
    this.#facts.empty().append(left, oldest(oldestWaiting), workerTexts(numbers, workers));
  }

  clear(): void {
    this.#ribbon.hide();
    this.#bulk.hide();
    this.#facts.empty();
    for (const number of this.#counts.values()) number.text('–');
  }

  #addTab(tab: Tab, onTab: Listeners['onTab'], content: JQuery[]): void {
    const element = $('<button type="button" role="tab">')
      .attr('data-fp', `tab-${tab}`)
      .append(content)
      .on('click', () => onTab(tab));
    this.#tabs.append(element);
  }
}

function oldest(ms: number | undefined): JQuery {
  return ms === undefined || ms < 1000 ? $() : textIn('div', '', label('oldest', { age: duration(ms) }));
}

/** Names the workers; machine, process and start are in the tooltip. */
function workerTexts({ workers: number }: QueueNumbers, workers: WorkerView[]): JQuery {
  if (number === 0) return textIn('div', 'fp-jobs-bad', label('workers.none'));
  const names = workers.map(({ name, machine, concurrency }) =>
    machine === undefined ? name : `${machine} ×${concurrency}`,
  );
  const details = workers.map(({ name, process, since, running }) => {
    const values = { name, process: `${process ?? ''}`, running: `${running}` };
    return label('workers.detail', { ...values, since: since ? new Date(since).toLocaleString() : '' });
  });
  const text = label(number === 1 ? 'workers.one' : 'workers.some', { n: `${number}` });
  // A pushed sample has only the number; the next look has the names.
  const named = names.length === 0 ? text : `${text}: ${names.join(', ')}`;
  return textIn('div', 'fp-jobs-workers', named).attr('title', details.join('\n'));
}

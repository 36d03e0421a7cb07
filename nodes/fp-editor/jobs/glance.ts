import { jobStates, rqStates, type AnyJobState } from '../../../src/base/model.ts';
import type { QueueEntry, QueueNumbers, WorkerView } from '../../fp-jobs/answers.ts';
import { button, textIn } from './elements.ts';
import { label } from './label.ts';
import { ratesElement } from './rates.ts';
import { count, duration } from './texts.ts';

/** A tab below the numbers. */
export type Tab = AnyJobState | 'charts';

interface Options {
  queue: QueueEntry;
  onTab: (tab: Tab) => void;
  /** Stops the bulk action under way; undefined if the user may not. */
  onStop: (() => void) | undefined;
}

const allStates = [...jobStates, ...rqStates];

/** The others are shown once a queue has such jobs. */
function isCommon(state: AnyJobState): boolean {
  return jobStates.some((common) => common === state);
}

/** The queue at a glance: paused, rates, workers, the oldest waiting job, and the number of jobs in each state. */
export class Glance {
  readonly element = $('<div class="fp-jobs-glance">');
  readonly #ribbon = $('<div class="fp-jobs-paused" role="status">').hide();
  readonly #bulk = $('<div class="fp-jobs-bulk" role="status">').hide();
  readonly #bulkText = $('<span>');
  readonly #facts = $('<div class="fp-jobs-facts">');
  readonly #tabs = $('<div class="fp-jobs-tabs" role="tablist">');
  readonly #queue: QueueEntry;
  readonly #counts = new Map<AnyJobState, JQuery>();

  constructor({ queue, onTab, onStop }: Options) {
    this.#queue = queue;
    const { pause: reason, history: noHistory } = queue.refusals;
    this.#ribbon.text([label('paused'), reason].filter(Boolean).join('. '));
    this.#bulk.append(this.#bulkText);
    if (onStop) this.#bulk.append(button('stop_bulk', { text: 'action.stop_bulk', onClick: onStop }));
    for (const state of allStates) {
      const number = textIn('b', 'fp-jobs-count', '–');
      this.#counts.set(state, number);
      const tab = this.#addTab(state, onTab, [number, textIn('span', '', label(`state.${state}`))]);
      tab.toggle(isCommon(state));
    }
    const icon = $('<b class="fp-jobs-count"><i class="fa fa-line-chart" aria-hidden="true"></i></b>');
    if (noHistory === undefined)
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
      const jobs = counts[name] ?? 0;
      number.text(count(jobs, countedTo)).toggleClass('fp-jobs-zero', jobs === 0);
      if (jobs > 0) number.parent().show();
    }
    this.#counts.get('dead')?.toggleClass('fp-jobs-bad', counts.dead > 0);
    const left = numbers.rates && $('<div>').append(ratesElement(numbers.rates));
    this.#facts
      .empty()
      .append(left ?? $(), oldest(oldestWaiting), workerTexts(this.#queue, numbers, workers));
  }

  clear(): void {
    this.#ribbon.hide();
    this.#bulk.hide();
    this.#facts.empty();
    for (const number of this.#counts.values()) number.text('–').removeClass('fp-jobs-bad');
  }

  #addTab(tab: Tab, onTab: Options['onTab'], content: JQuery[]): JQuery {
    const element = $('<button type="button" role="tab">')
      .attr('data-fp', `tab-${tab}`)
      .append(content)
      .on('click', () => onTab(tab));
    this.#tabs.append(element);
    return element;
  }
}

function oldest(ms: number | undefined): JQuery {
  return ms === undefined || ms < 1000 ? $() : textIn('div', '', label('oldest', { age: duration(ms) }));
}

/** Names the workers; machine, process and start are in the tooltip. */
function workerTexts(
  { store, queueName }: QueueEntry,
  { workers: number }: QueueNumbers,
  workers: WorkerView[],
): JQuery {
  const noWorker = store === 'rq' ? 'workers.noneOfRq' : 'workers.none';
  if (number === 0) return textIn('div', 'fp-jobs-bad', label(noWorker, { queue: queueName }));
  const alive = workers.filter(({ state }) => state !== 'lost');
  const names = alive.map(({ name, machine, concurrency }) =>
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

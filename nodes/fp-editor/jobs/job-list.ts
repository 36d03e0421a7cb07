import type { AnyJobState } from '../../../src/base/model.ts';
import type { PageView, RowView } from '../../fp-jobs/answers.ts';
import { button, textIn } from './elements.ts';
import { label } from './label.ts';
import { duration } from './texts.ts';

interface Listeners {
  onOpen: (id: string) => void;
  onMore: (cursor: string) => void;
}

/** The jobs of a state, newest first. */
export class JobList {
  readonly element = $('<div class="fp-jobs-list">');
  readonly #listeners: Listeners;
  #shown = '';
  #hasMore = false;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  /** More than the first page is shown: a refresh would drop the others. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** Replaces the list by a first page. Keeps the elements, and with them the focus, if nothing has changed. */
  show(page: PageView): void {
    const rows = page.rows.map(rowTexts);
    const shown = JSON.stringify([rows, page.next]);
    if (shown === this.#shown) return;
    const focused = $(document.activeElement ?? []).attr('data-job');
    this.#shown = shown;
    this.#hasMore = false;
    this.element.empty();
    this.#append(page);
    if (page.rows.length === 0) this.element.append(textIn('div', 'fp-jobs-empty', label('empty')));
    if (focused !== undefined) this.focus(focused);
  }

  /** Adds a further page. */
  add(page: PageView): void {
    this.#hasMore = true;
    this.#shown = '';
    this.element.children('[data-fp="more"]').remove();
    this.#append(page);
  }

  clear(): void {
    this.#shown = '';
    this.#hasMore = false;
    this.element.empty();
  }

  focus(id: string): void {
    this.element
      .children()
      .filter((_index, row) => $(row).attr('data-job') === id)
      .trigger('focus');
  }

  #append({ rows, next }: PageView): void {
    const { onOpen, onMore } = this.#listeners;
    this.element.append(rows.map((row) => rowElement(row).on('click', () => onOpen(row.id))));
    if (next === undefined) return;
    this.element.append(
      button('more', { text: 'more', onClick: () => onMore(next) }).addClass('fp-jobs-more'),
    );
  }
}

interface RowTexts {
  id: string;
  state: AnyJobState;
  name: string;
  topic: string;
  age: string;
  attempt: string;
  error: string;
}

function rowTexts({ id, state, name, topic, error, attempt, attempts, ...times }: RowView): RowTexts {
  const since = Date.parse(
    times.finishedAt ?? (state === 'running' ? times.startedAt : undefined) ?? times.addedAt,
  );
  return {
    id,
    state,
    name,
    topic: topic ?? '',
    age:
      times.dueAt === undefined
        ? duration(Date.now() - since)
        : label('due', { time: duration(Date.parse(times.dueAt) - Date.now()) }),
    attempt: attempts > 1 || attempt > 1 ? label('attempt', { n: `${attempt}/${attempts}` }) : '',
    error: error ?? '',
  };
}

function rowElement(row: RowView): JQuery {
  const { id, state, name, topic, age, attempt, error } = rowTexts(row);
  const line = (left: JQuery, right: string) =>
    $('<span class="fp-jobs-line">').append(left, textIn('span', 'fp-jobs-side', right));
  return $('<button type="button" class="fp-jobs-row">')
    .addClass(`fp-jobs-row-${state}`)
    .attr('data-job', id)
    .append(
      line(textIn('span', 'fp-jobs-name', name), age),
      line(textIn('span', 'fp-jobs-topic', topic), attempt),
      error === '' ? $() : textIn('span', 'fp-jobs-error', error),
    );
}

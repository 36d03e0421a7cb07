import type { AnyJobState } from '../../../src/base/model.ts';
import type { GroupView, PageView, RowView } from '../../fp-jobs/answers.ts';
import { empty, retryAll } from './actions.ts';
import { button, textIn } from './elements.ts';
import { JobPage } from './job-page.ts';
import { rowElement, rowHeight } from './job-row.ts';
import { label } from './label.ts';
import { marksOf, type Page, type Surroundings } from './page.ts';
import { server } from './server.ts';
import { count } from './texts.ts';
import { VirtualRows } from './virtual-rows.ts';

/** Which jobs a list shows. */
export interface Listed {
  state: AnyJobState;
  /** Dead letters with the same error. */
  group?: GroupView;
}

/** A search goes on by itself until it has looked at so many jobs. */
const MOST_LOOKED_AT = 10_000;

/** The jobs of a state, or of a group of dead letters, newest or oldest first. */
export class ListPage implements Page {
  readonly element = $('<div class="fp-jobs-page">');
  readonly #around: Surroundings;
  readonly #listed: Listed;
  readonly #rows: VirtualRows<RowView>;
  readonly #note = $('<div class="fp-jobs-note">').hide();
  readonly #order = button('order', { icon: 'sort-amount-desc', onClick: () => this.#turn() });
  readonly #bulk = $('<div class="fp-jobs-buttons">');
  #search = '';
  #isOldestFirst = false;
  #next: string | undefined;
  /** Number of jobs that were searched; 0 without a search or group. */
  #lookedAt = 0;
  /** More than the first page is shown: reading that again would drop the others. */
  #hasMore = false;
  /** Increases with each question, so that only the answer to the last one is shown. */
  #asked = 0;
  #isReadingMore = false;
  #marks = '';

  constructor(around: Surroundings, listed: Listed) {
    this.#around = around;
    this.#listed = listed;
    this.#rows = new VirtualRows({
      height: rowHeight(listed.state),
      label: label(`state.${listed.state}`),
      keyOf: ({ id }) => id,
      draw: rowElement,
      onOpen: ({ id }) => around.open(new JobPage(around, id)),
      onEnd: () => {
        if (this.#lookedAt < MOST_LOOKED_AT) this.#more();
      },
    });
    const tools = $('<div class="fp-jobs-tools">').append(
      this.#crumb(),
      this.#searchBox(),
      this.#order,
      this.#bulk,
    );
    this.#showOrder();
    this.element.append(tools, this.#note, this.#rows.element);
  }

  /** Reads the first page again, unless the user has gone further, or nothing has changed but the age of the jobs. */
  async refresh({ isForced = false } = {}): Promise<void> {
    const marks = marksOf(this.#around);
    const isFurther = this.#hasMore || this.#isReadingMore || this.#rows.element.scrollTop()! > 0;
    if (!isForced && (isFurther || marks === this.#marks)) {
      this.#rows.redraw();
      return;
    }
    this.#marks = marks;
    await this.#read();
  }

  focus(): void {
    this.#rows.focus();
  }

  /** Reads the first page. */
  async #read(): Promise<void> {
    const asked = ++this.#asked;
    const page = await this.#ask();
    if (asked !== this.#asked) return;
    this.#hasMore = false;
    this.#lookedAt = 0;
    this.#show(page, page.rows);
    this.#showBulk();
  }

  #more(): void {
    if (this.#next === undefined || this.#isReadingMore) return;
    this.#isReadingMore = true;
    this.#around.tell(this.#readMore(this.#next).finally(() => (this.#isReadingMore = false)));
  }

  async #readMore(cursor: string): Promise<void> {
    const asked = ++this.#asked;
    const page = await this.#ask(cursor);
    if (asked !== this.#asked) return;
    this.#hasMore = true;
    this.#show(page, [...this.#rows.rows, ...page.rows]);
  }

  #ask(cursor?: string): Promise<PageView> {
    const { state, group } = this.#listed;
    return server.list(this.#around.queue.id, {
      state,
      order: this.#isOldestFirst ? 'oldest' : 'newest',
      ...(group && { group: group.key }),
      ...(this.#search !== '' && { search: this.#search }),
      ...(cursor !== undefined && { cursor }),
    });
  }

  #show({ next, lookedAt = 0 }: PageView, rows: RowView[]): void {
    this.#next = next;
    this.#lookedAt += lookedAt;
    this.#showLooked();
    this.element.find('.fp-jobs-empty').remove();
    this.#rows.show(rows);
    if (next !== undefined) return;
    if (rows.length === 0) this.#rows.element.append(textIn('div', 'fp-jobs-empty', label('empty')));
  }

  /** Says how far the search has looked, and offers to go on. */
  #showLooked(): void {
    const isEnd = this.#next === undefined || this.#lookedAt < MOST_LOOKED_AT;
    const text = label(this.#isOldestFirst ? 'lookedOldest' : 'looked', {
      n: count(this.#lookedAt, Infinity),
    });
    const onClick = () => this.#more();
    this.#note
      .empty()
      .append(`${text} `, button('further', { text: 'further', onClick }))
      .toggle(!isEnd);
  }

  /** Shows the list from its other end. */
  #turn(): void {
    this.#isOldestFirst = !this.#isOldestFirst;
    this.#showOrder();
    this.#rows.element.scrollTop(0);
    this.#around.tell(this.#read());
  }

  #showOrder(): void {
    const text = label(this.#isOldestFirst ? 'oldestFirst' : 'newestFirst');
    this.#order.attr({ title: text, 'aria-label': text });
    this.#order.find('i').attr('class', `fa fa-sort-amount-${this.#isOldestFirst ? 'asc' : 'desc'}`);
  }

  /** The way back from a group. */
  #crumb(): JQuery {
    const { state, group } = this.#listed;
    if (state !== 'dead') return $();
    const back = button('back', { icon: 'chevron-left', title: 'back', onClick: this.#around.back });
    const text = group ? group.error || label('noError') : label('allDead');
    return $('<div class="fp-jobs-crumb">').append(
      back,
      textIn('span', 'fp-jobs-name', text).attr('title', text),
    );
  }

  #searchBox(): JQuery {
    const box = $('<input type="text" class="fp-jobs-search">').attr('placeholder', label('search'));
    const holder = $('<div class="fp-jobs-search-box">').append(box);
    const change = () => {
      this.#search = String(box.val()).trim();
      this.#around.tell(this.#read());
    };
    // Needs a parent.
    (box as unknown as { searchBox(options: object): void }).searchBox({
      style: 'compact',
      delay: 300,
      change,
    });
    return holder;
  }

  /** Offers what can be done to all jobs of the list. */
  #showBulk(): void {
    const { state, group } = this.#listed;
    const isOffered = this.#around.mayWrite && this.#rows.rows.length > 0 && state !== 'running';
    if (this.#bulk.children().length > 0 === isOffered) return;
    this.#bulk.empty();
    if (!isOffered) return;
    const { tell } = this.#around;
    const selected = () => ({
      jobs: group?.count ?? this.#around.numbers()?.counts[state] ?? 0,
      ...(group && { group: group.key }),
    });
    if (state === 'dead') {
      const onClick = () => tell(retryAll(this.#around, selected()));
      this.#bulk.append(button('retry_all', { icon: 'repeat', text: 'action.retry_all', onClick }));
    }
    const onClick = () => tell(empty(this.#around, { state, ...selected() }));
    this.#bulk.append(button('empty', { icon: 'trash', text: 'action.empty', onClick }));
  }
}

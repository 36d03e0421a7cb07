/** Rows drawn above and below the visible ones, so that a short scroll shows no gap. */
const SPARE = 6;

interface Options<Row> {
  /** Height of every row in pixels. */
  height: number;
  /** Text for screen readers. */
  label: string;
  keyOf: (row: Row) => string;
  draw: (row: Row) => JQuery;
  onOpen: (row: Row) => void;
  /** Called when the last row comes into sight. */
  onEnd?: () => void;
}

/** A scrolling list that has only elements for its visible rows. Arrow keys choose a row, Enter opens it. */
export class VirtualRows<Row> {
  readonly element = $('<div class="fp-jobs-rows" tabindex="0" role="listbox">');
  readonly #space = $('<div class="fp-jobs-space">');
  readonly #options: Options<Row>;
  #rows: Row[] = [];
  /** Key of the chosen row. */
  #chosen: string | undefined;
  #drawn = '';
  #elements: HTMLElement[] = [];

  constructor(options: Options<Row>) {
    this.#options = options;
    this.element.attr('aria-label', options.label).append(this.#space);
    this.element.on('scroll', () => this.#draw());
    this.element.on('keydown', (event) => this.#onKey(event));
    new ResizeObserver(() => this.#draw()).observe(this.element[0]!);
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  show(rows: Row[]): void {
    this.#rows = rows;
    this.#space.height(rows.length * this.#options.height);
    this.redraw();
  }

  redraw(): void {
    this.#drawn = '';
    this.#draw();
  }

  focus(): void {
    this.element.trigger('focus');
  }

  #draw(): void {
    const { height, onEnd } = this.#options;
    const { scrollTop = 0, clientHeight = 0 } = this.element[0] ?? {};
    const first = Math.max(0, Math.floor(scrollTop / height) - SPARE);
    const end = Math.min(this.#rows.length, Math.ceil((scrollTop + clientHeight) / height) + SPARE);
    const drawn = `${first} ${end} ${this.#chosen ?? ''}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#place(this.#rows.slice(first, end).map((row, n) => this.#element(row, first + n)));
    if (end === this.#rows.length) onEnd?.();
  }

  /** Keeps elements that have not changed: a click on them may have begun. */
  #place(elements: HTMLElement[]): void {
    const before = new Map(this.#elements.map((element) => [element.outerHTML, element]));
    this.#elements = elements.map((element) => before.get(element.outerHTML) ?? element);
    const kept = new Set(this.#elements);
    for (const element of before.values()) if (!kept.has(element)) element.remove();
    for (const element of this.#elements) if (!element.isConnected) this.#space.append(element);
  }

  #element(row: Row, n: number): HTMLElement {
    const { height, keyOf, draw, onOpen } = this.#options;
    const key = keyOf(row);
    const isChosen = key === this.#chosen;
    if (isChosen) this.element.attr('aria-activedescendant', `fp-jobs-row-${n}`);
    return draw(row)
      .addClass('fp-jobs-row')
      .attr({ id: `fp-jobs-row-${n}`, role: 'option', 'aria-selected': `${isChosen}` })
      .attr({ 'aria-posinset': n + 1, 'aria-setsize': this.#rows.length, 'data-key': key })
      .css({ top: n * height, height })
      .on('click', () => {
        this.#chosen = key;
        onOpen(row);
      })[0]!;
  }

  #onKey(event: JQuery.TriggeredEvent): void {
    const { keyOf, onOpen } = this.#options;
    const at = this.#rows.findIndex((row) => keyOf(row) === this.#chosen);
    const row = this.#rows[at];
    const to = this.#target(String(event.key), at);
    if (event.key === 'Enter' && row && event.target === this.element[0]) onOpen(row);
    else if (to === undefined) return;
    else this.#choose(to);
    event.preventDefault();
    event.stopPropagation();
  }

  /** Returns the row that a key chooses. */
  #target(key: string, at: number): number | undefined {
    const page = Math.max(1, Math.floor((this.element.height() ?? 0) / this.#options.height) - 1);
    const last = this.#rows.length - 1;
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    };
    const to = steps[key];
    return to === undefined || last < 0 ? undefined : Math.min(last, Math.max(0, to));
  }

  #choose(n: number): void {
    const { height, keyOf } = this.#options;
    const box = this.element[0]!;
    this.#chosen = keyOf(this.#rows[n]!);
    const top = n * height;
    if (top < box.scrollTop) box.scrollTop = top;
    if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
    this.#draw();
  }
}

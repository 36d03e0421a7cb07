import type { LookView, QueueEntry, QueueNumbers, QueueView } from '../../fp-jobs/answers.ts';
import { red } from '../red.ts';
import { button } from './elements.ts';
import { label } from './label.ts';
import { Live } from './live.ts';
import { overview } from './overview.ts';
import { QueuePanel } from './queue-panel.ts';

/** Value of the chooser for all queues. */
const ALL = '';

/** The tab "Jobs": all queues at a glance, or one queue. */
export class JobsSidebar {
  readonly element = $('<div class="fp-jobs">');
  readonly #chooser = $('<select class="fp-jobs-queue">').attr('aria-label', label('queue'));
  readonly #buttons = $('<span class="fp-jobs-head-buttons">');
  readonly #problem = $('<div class="fp-jobs-problem" role="alert">').hide();
  readonly #content = $('<div class="fp-jobs-content">');
  readonly #live: Live;
  /** Until the first answer, nobody knows whether there are queues. */
  #hasAnswer = false;
  #queues: QueueEntry[] = [];
  #views: Record<string, QueueView> = {};
  /** The queue on show; undefined for all queues. */
  #shown: { id: string; panel: QueuePanel } | undefined;

  constructor() {
    const onClick = () => {
      this.refresh();
      this.#shown?.panel.reload();
    };
    const refresh = button('refresh', { icon: 'refresh', title: 'action.refresh', onClick });
    const head = $('<div class="red-ui-sidebar-header">').append(this.#chooser, this.#buttons, refresh);
    this.element.append(head, this.#problem, this.#content);
    this.#chooser.on('change', () => this.#choose(String(this.#chooser.val())));
    this.#live = new Live({
      isVisible: () => this.element.is(':visible'),
      queues: () => (this.#shown ? [this.#shown.id] : this.#queues.map(({ id }) => id)),
      onLook: (look) => this.#take(look),
      onNumbers: (queue, numbers) => this.#takeNumbers(queue, numbers),
      onProblem: (error) => this.#problem.text(error?.message ?? '').toggle(error !== undefined),
    });
    this.#offer([]);
  }

  /** Asks the runtime again if the tab is visible. */
  refresh(): void {
    this.#live.look();
  }

  #take({ queues, views }: LookView): void {
    this.#views = views;
    const isFirst = !this.#hasAnswer;
    this.#hasAnswer = true;
    if (isFirst || JSON.stringify(queues) !== JSON.stringify(this.#queues)) this.#offer(queues);
    else this.#show();
  }

  #takeNumbers(queue: string, numbers: QueueNumbers | undefined): void {
    const view = this.#views[queue];
    // The answer to the next look has the reason.
    if (!numbers || !view) return;
    this.#views[queue] = { workers: [], ...view, numbers };
    // A hidden page would ask the runtime about its jobs.
    if (this.element.is(':visible')) this.#show();
  }

  /** Fills the chooser. A queue stays on show while it is deployed; if there is one queue only, it is on show. */
  #offer(queues: QueueEntry[]): void {
    const wasOnly = this.#queues.length < 2;
    const id = this.#shown?.id;
    const entryOf = (of: QueueEntry[]) => JSON.stringify(of.find((queue) => queue.id === id));
    const isUnchanged = this.#shown !== undefined && entryOf(queues) === entryOf(this.#queues);
    this.#queues = queues;
    const all = $('<option>')
      .val(ALL)
      .text(label(this.#hasAnswer && queues.length === 0 ? 'noQueue' : 'allQueues'));
    const options = queues.map((queue) => $('<option>').val(queue.id).text(queue.label));
    this.#chooser
      .empty()
      .append(all, options)
      .val(id ?? ALL);
    if (isUnchanged) {
      this.#show();
      return;
    }
    const [only] = wasOnly && queues.length === 1 ? queues : [];
    this.#choose((queues.find((queue) => queue.id === id) ?? only)?.id ?? ALL);
  }

  #choose(id: string): void {
    this.#chooser.val(id);
    this.#buttons.children().detach();
    this.#content.empty();
    const queue = this.#queues.find((found) => found.id === id);
    const mayWrite = red.user.hasPermission('fp-jobs.write') && queue?.isReadOnly === false;
    this.#shown = queue && {
      id,
      panel: new QueuePanel({ queue, mayWrite, look: () => this.refresh() }),
    };
    if (this.#shown) {
      this.#buttons.append(this.#shown.panel.buttons);
      this.#content.append(this.#shown.panel.element);
    }
    this.#show();
    this.refresh();
  }

  /** Shows the latest samples. */
  #show(): void {
    if (!this.#shown) {
      this.#showOverview();
      return;
    }
    const view = this.#views[this.#shown.id];
    if (view) this.#shown.panel.show(view);
  }

  #showOverview(): void {
    // A line that is being pressed stays: the browser forgets a click whose element is replaced.
    if (!this.#hasAnswer || this.#content.find('[data-queue]:active').length > 0) return;
    const lines = this.#queues.map((entry) => ({ entry, view: this.#views[entry.id] }));
    const focused = $(document.activeElement ?? []).attr('data-queue');
    this.#content.empty().append(overview(lines, (id) => this.#choose(id)));
    if (focused !== undefined) this.#content.find(`[data-queue="${CSS.escape(focused)}"]`).trigger('focus');
  }
}

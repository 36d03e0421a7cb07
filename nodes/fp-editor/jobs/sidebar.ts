import type { JobState } from '../../../src/base/model.ts';
import type { QueueEntry, QueueView } from '../../fp-jobs/answers.ts';
import { red } from '../red.ts';
import { tellError } from '../tell-error.ts';
import { confirmed } from './confirm.ts';
import { button, textIn } from './elements.ts';
import { Glance } from './glance.ts';
import { JobList } from './job-list.ts';
import { jobView, type JobAction } from './job-view.ts';
import { label } from './label.ts';
import { server } from './server.ts';
import { count } from './texts.ts';

/** Milliseconds between two samples while the tab is visible. */
const INTERVAL = 2000;

/** The tab "Jobs": shows the jobs of one queue, and changes them. */
export class JobsSidebar {
  readonly element = $('<div class="fp-jobs">');
  readonly #mayWrite = red.user.hasPermission('fp-jobs.write');
  readonly #chooser = $('<select class="fp-jobs-queue">').attr('aria-label', label('queue'));
  readonly #pause = button('pause', {
    icon: 'pause',
    title: 'action.pause',
    onClick: () => this.#act('pause'),
  });
  readonly #resume = button('resume', {
    icon: 'play',
    title: 'action.resume',
    onClick: () => this.#act('resume'),
  });
  readonly #problem = $('<div class="fp-jobs-problem" role="alert">').hide();
  readonly #bulk = $('<div class="fp-jobs-buttons">');
  readonly #body = $('<div class="fp-jobs-body">');
  readonly #glance = new Glance((state) => this.#choose({ state }));
  readonly #list = new JobList({
    onOpen: (id) => void this.#tell(this.#open(id)),
    onMore: (cursor) => void this.#tell(this.#more(cursor)),
  });
  #queues = '';
  #queue = '';
  #state: JobState = 'dead';
  #view: QueueView | undefined;
  /** Changes with queue, state and open job: answers to earlier questions are ignored. */
  #turn = 0;
  #isOpen = false;
  #isAsking = false;

  constructor() {
    const refresh = button('refresh', {
      icon: 'refresh',
      title: 'action.refresh',
      onClick: () => this.#choose({}),
    });
    const head = $('<div class="red-ui-sidebar-header">').append(this.#chooser, refresh);
    if (this.#mayWrite) head.append(this.#pause, this.#resume.hide());
    this.#chooser.on('change', () => this.#choose({ queue: String(this.#chooser.val()) }));
    this.element.append(head, this.#problem, this.#glance.element, this.#bulk, this.#body);
    this.#glance.select(this.#state);
    this.#showList();
    window.setInterval(() => this.refresh(), INTERVAL);
  }

  /** Asks the runtime again if the tab is visible. */
  refresh(): void {
    if (this.#isAsking || document.hidden || !this.element.is(':visible')) return;
    this.#isAsking = true;
    void this.#follow(this.#sample()).finally(() => (this.#isAsking = false));
  }

  #choose({ queue = this.#queue, state = this.#state }: { queue?: string; state?: JobState }): void {
    if (queue !== this.#queue) this.#glance.clear();
    [this.#queue, this.#state] = [queue, state];
    this.#glance.select(state);
    this.#list.clear();
    this.#showList();
    void this.#follow(this.#sample());
  }

  async #sample(): Promise<void> {
    const { queues } = await server.queues();
    this.#offer(queues);
    const [turn, queue, state] = [this.#turn, this.#queue, this.#state];
    if (queue === '') return;
    const [view, page] = await Promise.all([
      server.state(queue),
      this.#isOpen || this.#list.hasMore ? undefined : server.list(queue, { state }),
    ]);
    if (queue !== this.#queue) return;
    this.#view = view;
    this.#glance.show(view);
    this.#pause.toggle(!view.state.isPaused);
    this.#resume.toggle(view.state.isPaused);
    if (turn !== this.#turn) return;
    if (page && !this.#list.hasMore) this.#list.show(page);
    this.#showBulk();
  }

  /** Fills the chooser; keeps the chosen queue as long as it is deployed. */
  #offer(queues: QueueEntry[]): void {
    const text = JSON.stringify(queues);
    if (text === this.#queues) return;
    this.#queues = text;
    const options = queues.map(({ id, label: name }) => $('<option>').val(id).text(name));
    if (options.length === 0) options.push($('<option value="">').text(label('noQueue')));
    this.#chooser.empty().append(options);
    const isThere = queues.some(({ id }) => id === this.#queue);
    if (!isThere) {
      this.#queue = queues[0]?.id ?? '';
      this.#glance.clear();
      this.#list.clear();
      this.#showList();
    }
    this.#chooser.val(this.#queue);
  }

  async #more(cursor: string): Promise<void> {
    const turn = this.#turn;
    const page = await server.list(this.#queue, { state: this.#state, cursor });
    if (turn === this.#turn) this.#list.add(page);
  }

  async #open(id: string): Promise<void> {
    const turn = ++this.#turn;
    const job = await server.job(this.#queue, id);
    if (turn !== this.#turn) return;
    const view = jobView(job, {
      mayWrite: this.#mayWrite,
      onBack: () => {
        this.#showList();
        this.#list.focus(id);
        this.refresh();
      },
      onAction: (action) => void this.#tell(this.#change(action, id)),
    });
    this.#isOpen = true;
    this.#bulk.empty();
    this.#list.element.detach();
    this.#body.empty().append(view).scrollTop(0);
    view.find('[data-fp="back"]').trigger('focus');
  }

  #showList(): void {
    this.#turn++;
    this.#isOpen = false;
    this.#body.empty().append(this.#list.element);
    this.#showBulk();
  }

  /** Offers what can be done to all jobs of the list. */
  #showBulk(): void {
    const state = this.#state;
    const jobs = this.#view?.state.counts[state] ?? 0;
    const isOffered = this.#mayWrite && !this.#isOpen && jobs > 0 && state !== 'running';
    const offered = isOffered ? state : '';
    if (this.#bulk.attr('data-state') === offered && this.#bulk.children().length > 0) return;
    this.#bulk.empty().attr('data-state', offered);
    if (!isOffered) return;
    if (state === 'dead') {
      const onClick = () => this.#act('retry_all');
      this.#bulk.append(button('retry_all', { icon: 'repeat', text: 'action.retry_all', onClick }));
    }
    const onClick = () => void this.#tell(this.#empty());
    this.#bulk.append(button('empty', { icon: 'trash', text: 'action.empty', onClick }));
  }

  async #empty(): Promise<void> {
    const [queue, state, view] = [this.#queue, this.#state, this.#view];
    if (!view) return;
    const n = count(view.state.counts[state], view.countedTo);
    const question = label('confirm.empty', { n, state: label(`state.${state}`), queue: view.state.queue });
    if (await confirmed(question, label('confirm.remove'))) await this.#run(queue, 'empty', { state });
  }

  async #change(action: JobAction, id: string): Promise<void> {
    const queue = this.#queue;
    if (action === 'remove' && !(await confirmed(label('confirm.job', { id }), label('confirm.remove'))))
      return;
    await this.#run(queue, action, { id });
  }

  #act(action: string): void {
    void this.#tell(this.#run(this.#queue, action, {}));
  }

  async #run(queue: string, action: string, selection: object): Promise<void> {
    const { changed } = await server.act(queue, action, selection);
    if (changed !== undefined) {
      const text = textIn('p', '', label('done', { n: changed.toLocaleString('en-US') }));
      red.notify(text, { type: 'success', timeout: 2000 });
    }
    this.#choose({});
  }

  /** Shows why a sample failed, until one succeeds. */
  async #follow(sample: Promise<void>): Promise<void> {
    try {
      await sample;
      this.#problem.hide();
    } catch (error) {
      this.#problem.text((error as Error).message).show();
    }
  }

  async #tell(action: Promise<void>): Promise<void> {
    try {
      await action;
    } catch (error) {
      tellError(error as Error);
    }
  }
}

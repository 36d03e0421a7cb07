import type { QueueEntry, QueueNumbers, QueueView } from '../../fp-jobs/answers.ts';
import { red } from '../red.ts';
import { tellError } from '../tell-error.ts';
import { ChartsPage } from './charts-page.ts';
import { button, textIn } from './elements.ts';
import { Glance, type Tab } from './glance.ts';
import { GroupsPage } from './groups-page.ts';
import { label } from './label.ts';
import { ListPage } from './list-page.ts';
import type { Page, Surroundings } from './page.ts';
import { server } from './server.ts';

interface Options {
  queue: QueueEntry;
  mayWrite: boolean;
  /** Asks for new samples. */
  look: () => void;
}

/** One queue: its numbers, and below them the page of a tab. */
export class QueuePanel {
  readonly element = $('<div class="fp-jobs-panel">');
  /** Buttons for the head of the sidebar. */
  readonly buttons: JQuery;
  readonly #options: Options;
  readonly #pause = this.#actionButton('pause', 'pause');
  readonly #resume = this.#actionButton('resume', 'play');
  readonly #problem = $('<div class="fp-jobs-problem" role="alert">').hide();
  readonly #body = $('<div class="fp-jobs-body">');
  readonly #glance: Glance;
  #numbers: QueueNumbers | undefined;
  /** The last one is on show; Escape returns to the one before. */
  #pages: Page[] = [];

  constructor(options: Options) {
    const { mayWrite } = (this.#options = options);
    this.buttons = this.#pause.add(this.#resume);
    this.#glance = new Glance({
      queue: options.queue,
      onTab: (tab) => this.#showTab(tab),
      onStop: mayWrite ? () => this.#tell(this.#run('stop_bulk', {})) : undefined,
    });
    this.element.append(this.#problem, this.#glance.element, this.#body);
    this.element.on('keydown', (event) => {
      if (event.key !== 'Escape') return;
      // The editor's own handler expects the element to be in the document.
      event.stopPropagation();
      this.#back();
    });
    this.#showTab('dead');
  }

  /** Shows the latest sample. */
  show(view: QueueView): void {
    const problem = 'error' in view ? view.error : '';
    this.#problem.text(problem).toggle(problem !== '');
    if ('error' in view) {
      this.#glance.clear();
      this.buttons.hide();
      return;
    }
    const { numbers, workers } = view;
    this.#numbers = numbers;
    this.#glance.show(numbers, workers);
    const mayPause = this.#options.mayWrite && this.#options.queue.refusals.pause === undefined;
    this.#pause.toggle(mayPause && !numbers.isPaused);
    this.#resume.toggle(mayPause && numbers.isPaused);
    this.#refreshPage(false);
  }

  /** Reads the page on show again. */
  reload(): void {
    this.#refreshPage(true);
  }

  #showTab(tab: Tab): void {
    this.#glance.select(tab);
    this.#pages = [];
    this.#open(this.#pageOf(tab));
  }

  #pageOf(tab: Tab): Page {
    const around = this.#surroundings();
    switch (tab) {
      case 'charts':
        return new ChartsPage(around);
      case 'dead':
        return new GroupsPage(around);
      case 'waiting':
      case 'running':
      case 'delayed':
      case 'completed':
      case 'deferred':
      case 'canceled':
      default:
        return new ListPage(around, { state: tab });
    }
  }

  #open(page: Page): void {
    this.#pages.push(page);
    this.#showPage();
    this.#refreshPage(true);
  }

  #back(): void {
    if (this.#pages.length < 2) return;
    this.#pages.pop();
    this.#showPage();
    this.#refreshPage(false);
  }

  #showPage(): void {
    const page = this.#pages.at(-1)!;
    // Detaching would lose the scroll position of the page below.
    this.#body.children().hide();
    if (page.element.parent().length === 0) this.#body.append(page.element);
    page.element.show();
    this.#body
      .children()
      .filter((_index, element) => !this.#pages.some((kept) => kept.element[0] === element))
      .remove();
    page.focus();
  }

  #refreshPage(isForced: boolean): void {
    const page = this.#pages.at(-1);
    page?.refresh({ isForced }).catch(({ message }: Error) => this.#problem.text(message).show());
  }

  async #run(action: string, selection: object): Promise<void> {
    const { queue, look } = this.#options;
    const { changed, isUnderWay } = await server.act(queue.id, action, selection);
    if (changed !== undefined) notify(label('done', { n: changed.toLocaleString('en-US') }));
    if (isUnderWay) notify(label('goesOn'));
    look();
    this.#refreshPage(true);
  }

  #surroundings(): Surroundings {
    const { queue, mayWrite } = this.#options;
    return {
      queue,
      mayWrite,
      numbers: () => this.#numbers,
      open: (page) => this.#open(page),
      back: () => this.#back(),
      run: (action, selection) => this.#run(action, selection),
      tell: (work) => this.#tell(work),
    };
  }

  #actionButton(action: string, icon: string): JQuery {
    const onClick = () => this.#tell(this.#run(action, {}));
    return button(action, { icon, title: `action.${action}`, onClick }).hide();
  }

  #tell(work: Promise<unknown>): void {
    work.catch(tellError);
  }
}

function notify(text: string): void {
  red.notify(textIn('p', '', text), { type: 'success', timeout: 2000 });
}

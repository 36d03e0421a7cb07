import type { GroupsView, GroupView } from '../../fp-jobs/answers.ts';
import { retryAll } from './actions.ts';
import { button, textIn } from './elements.ts';
import { label } from './label.ts';
import { ListPage } from './list-page.ts';
import type { Page, Surroundings } from './page.ts';
import { server } from './server.ts';
import { count, duration } from './texts.ts';
import { VirtualRows } from './virtual-rows.ts';

const HEIGHT = 54;

/** The dead letters, grouped by their error. */
export class GroupsPage implements Page {
  readonly element = $('<div class="fp-jobs-page">');
  readonly #around: Surroundings;
  readonly #rows: VirtualRows<GroupView>;
  readonly #all = $('<div class="fp-jobs-buttons">').hide();
  readonly #note = $('<div class="fp-jobs-note">').hide();
  /** Number of dead letters that were grouped last. */
  #grouped = -1;
  /** All of them were read. */
  #isComplete = true;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#rows = new VirtualRows({
      height: HEIGHT,
      label: label('groups'),
      keyOf: ({ key }) => key,
      draw: (group) => this.#row(group),
      onOpen: (group) => around.open(new ListPage(around, { state: 'dead', group })),
    });
    const onClick = () => around.open(new ListPage(around, { state: 'dead' }));
    this.#all.append(button('all', { icon: 'list', text: 'allDead', onClick }));
    this.element.append(this.#all, this.#note, this.#rows.element);
  }

  /** Groups again if the number of dead letters has changed: grouping reads many of them. */
  async refresh({ isForced = false } = {}): Promise<void> {
    const dead = this.#around.numbers()?.counts.dead ?? 0;
    if (dead === this.#grouped && !isForced) return;
    this.#grouped = dead;
    this.#show(await server.groups(this.#around.queue.id));
  }

  focus(): void {
    this.#rows.focus();
  }

  #show({ groups, read, isComplete }: GroupsView): void {
    this.#isComplete = isComplete;
    this.#rows.show(groups);
    this.#all.toggle(groups.length > 0);
    this.#note.text(label('looked', { n: count(read, Infinity) })).toggle(!isComplete);
    this.element.find('.fp-jobs-empty').remove();
    if (groups.length === 0) this.#rows.element.append(textIn('div', 'fp-jobs-empty', label('noDead')));
  }

  #row(group: GroupView): JQuery {
    const { key, count: jobs, newest } = group;
    const error = group.error || label('noError');
    const retry = button('retry_group', {
      icon: 'repeat',
      text: 'action.retry_group',
      onClick: () => this.#around.tell(retryAll(this.#around, { group: key, jobs })),
    }).on('click', (event) => event.stopPropagation());
    return $('<div class="fp-jobs-row-dead fp-jobs-group">').append(
      $('<div class="fp-jobs-line">').append(
        textIn(
          'b',
          'fp-jobs-times',
          label('times', { n: `${count(jobs, Infinity)}${this.#isComplete ? '' : '+'}` }),
        ),
        textIn('span', 'fp-jobs-error', error).attr('title', `${error}\n\n${label('pattern')}`),
      ),
      $('<div class="fp-jobs-line">').append(
        textIn('span', 'fp-jobs-side', label('newest', { age: duration(Date.now() - Date.parse(newest)) })),
        this.#around.mayWrite ? retry : $(),
      ),
    );
  }
}

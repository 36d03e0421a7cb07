import type { AnyJobState } from '../../../src/base/model.ts';
import type { JobView } from '../../fp-jobs/answers.ts';
import { red } from '../red.ts';
import { remove } from './actions.ts';
import { attemptsLine } from './attempts-line.ts';
import { button, textIn } from './elements.ts';
import { openFix } from './fix-job.ts';
import { makeInjectNode } from './inject-node.ts';
import { factsTable } from './job-facts.ts';
import { label } from './label.ts';
import { nodeLink } from './on-canvas.ts';
import { marksOf, type Page, type Surroundings } from './page.ts';
import { server } from './server.ts';
import { valueElement } from './value.ts';

/** States of jobs that have not begun. */
const cancelable: ReadonlySet<AnyJobState> = new Set(['waiting', 'delayed', 'deferred']);

/** One job in full. */
export class JobPage implements Page {
  readonly element = $('<div class="fp-jobs-page fp-jobs-job" tabindex="-1">');
  readonly #around: Surroundings;
  readonly #id: string;
  #marks = '';
  #shown = '';

  constructor(around: Surroundings, id: string) {
    this.#around = around;
    this.#id = id;
  }

  async refresh({ isForced = false } = {}): Promise<void> {
    const marks = marksOf(this.#around);
    if (marks === this.#marks && !isForced) return;
    this.#marks = marks;
    const job = await server.job(this.#around.queue.id, this.#id);
    const shown = JSON.stringify(job);
    // Redrawing would close the parts of the message that the user has opened.
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#draw(job);
  }

  focus(): void {
    this.element.trigger('focus');
  }

  #draw(job: JobView): void {
    const { queue } = this.#around;
    this.element
      .empty()
      .append(
        this.#buttons(job),
        section('error', errorElement(job)),
        section('facts', factsTable(job, queue.id)),
        section('attempts', attemptsLine(job)),
        section('progress', job.progress ? valueElement(job.progress) : $()),
        section('message', valueElement(job.msg), this.#messageButtons(job)),
        section('result', job.result ? valueElement(job.result) : $()),
        section('stack', pre(job.stacks.at(-1))),
        section('log', pre(job.log.join('\n'))),
      );
  }

  #buttons({ state, id }: JobView): JQuery {
    const { mayWrite, queue, back, tell, run } = this.#around;
    const change = (action: string, icon: string) =>
      button(action, { icon, text: `action.${action}`, onClick: () => tell(run(action, { id })) });
    const buttons = $('<div class="fp-jobs-buttons">').append(
      button('back', { icon: 'chevron-left', title: 'back', onClick: back }),
    );
    if (!mayWrite) return buttons;
    if (state === 'dead') {
      const fix = () => tell(this.#fix());
      buttons.append(change('retry', 'repeat'));
      if (queue.refusals.edit === undefined)
        buttons.append(button('fix', { icon: 'pencil', text: 'action.fix', onClick: fix }));
    }
    if (state === 'delayed') buttons.append(change('run_now', 'play'));
    if (queue.refusals.cancel === undefined && cancelable.has(state)) buttons.append(change('cancel', 'ban'));
    if (state !== 'running') {
      const onClick = () => tell(remove(this.#around, id));
      buttons.append(button('remove', { icon: 'trash', text: 'action.remove', onClick }));
    }
    return buttons;
  }

  #messageButtons({ name }: JobView): JQuery {
    const { tell } = this.#around;
    const copy = () => tell(this.#copy());
    const inject = () => tell(this.#message().then((msg) => makeInjectNode(msg, name)));
    return button('copy', { icon: 'copy', title: 'action.copy', onClick: copy }).add(
      button('inject', { icon: 'sign-in', title: 'action.inject', onClick: inject }),
    );
  }

  async #message(): Promise<Record<string, unknown>> {
    const { msg } = await server.message(this.#around.queue.id, this.#id);
    return msg;
  }

  async #copy(): Promise<void> {
    const text = JSON.stringify(await this.#message(), undefined, 2);
    if (!red.clipboard.copyText(text)) throw new Error(label('notCopied'));
    red.notify($('<p>').text(label('copied')), { type: 'success', timeout: 2000 });
  }

  async #fix(): Promise<void> {
    const { payload } = await this.#message();
    openFix({
      payload: JSON.stringify(payload, undefined, 2),
      retry: (edited) => this.#around.run('retry_edited', { id: this.#id, payload: edited }),
    });
  }
}

/** The last error, with a link to the node that reported it. */
function errorElement({ error, failedNode }: JobView): JQuery {
  if (error === undefined) return $();
  const text = textIn('div', 'fp-jobs-error', error);
  if (!failedNode) return text;
  const node = red.nodes.node(failedNode.id);
  const { name, type } = failedNode;
  return text.add(
    node ? nodeLink(node) : textIn('span', 'fp-jobs-side', label('failedIn', { name: name || type })),
  );
}

/** A titled part; nothing if it is empty. */
function section(key: string, content: JQuery, buttons?: JQuery): JQuery {
  if (content.length === 0) return $();
  const title = textIn('h4', 'fp-jobs-title', label(`job.${key}`)).attr('data-section', key);
  return title.append(buttons ?? $()).add(content);
}

function pre(text: string | undefined): JQuery {
  return text ? textIn('pre', 'fp-jobs-pre', text) : $();
}

import type { EncodedValue, JobView } from '../../fp-jobs/answers.ts';
import { red } from '../red.ts';
import { button, textIn } from './elements.ts';
import { label } from './label.ts';

export type JobAction = 'retry' | 'run_now' | 'remove';

interface Listeners {
  mayWrite: boolean;
  onBack: () => void;
  onAction: (action: JobAction, id: string) => void;
}

/** Shows one job in full. Texts of a job are only ever added as text. */
export function jobView(job: JobView, { mayWrite, onBack, onAction }: Listeners): JQuery {
  const { id, state } = job;
  const action = (name: JobAction, icon: string) =>
    button(name, { icon, text: `action.${name}`, onClick: () => onAction(name, id) });
  const buttons = $('<div class="fp-jobs-buttons">').append(
    button('back', { icon: 'chevron-left', title: 'back', onClick: onBack }),
  );
  if (mayWrite && state === 'dead') buttons.append(action('retry', 'repeat'));
  if (mayWrite && state === 'delayed') buttons.append(action('run_now', 'play'));
  if (mayWrite && state !== 'running') buttons.append(action('remove', 'trash'));
  return $('<div class="fp-jobs-job">').append(
    buttons,
    facts(job),
    section('error', job.error === undefined ? $() : textIn('div', 'fp-jobs-error', job.error)),
    section('message', value(job.msg)),
    section('result', job.result ? value(job.result) : $()),
    section('stack', pre(job.stacks.at(-1))),
    section('log', pre(job.log.join('\n'))),
  );
}

function facts({
  id,
  name,
  state,
  attempt,
  attempts,
  addedAt,
  startedAt,
  finishedAt,
  worker,
}: JobView): JQuery {
  const time = (text: string | undefined) => (text === undefined ? '' : new Date(text).toLocaleString());
  const rows: [string, string][] = [
    ['pipeline', name],
    ['id', id],
    ['state', label(`state.${state}`)],
    ['attempts', `${attempt}/${attempts}`],
    ['added', time(addedAt)],
    ['started', time(startedAt)],
    ['finished', time(finishedAt)],
    ['worker', worker?.machine ?? worker?.name ?? ''],
  ];
  const table = $('<table class="fp-jobs-table">');
  for (const [key, text] of rows) {
    if (text !== '')
      table.append($('<tr>').append(textIn('th', '', label(`job.${key}`)), textIn('td', '', text)));
  }
  return table;
}

/** A titled part; nothing if it is empty. */
function section(key: string, content: JQuery): JQuery {
  return content.length === 0 ? $() : textIn('h4', 'fp-jobs-title', label(`job.${key}`)).add(content);
}

function pre(text: string | undefined): JQuery {
  return text ? textIn('pre', 'fp-jobs-pre', text) : $();
}

/** A value like in the debug sidebar. */
function value({ msg, format }: EncodedValue): JQuery {
  const isJson = /^(Object|error|map|array|set|number|boolean|null|undefined|bigint)/i.test(format);
  const options = { typeHint: format, hideKey: false, path: '', rootPath: '' };
  const shown = red.utils.createObjectElement(isJson ? parsed(msg) : msg, options);
  return $('<div class="red-ui-debug-msg-payload">').append(shown);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

import type { JobView } from '../../fp-jobs/answers.ts';
import { textIn } from './elements.ts';
import { label } from './label.ts';
import { nodeLink, workerNodes } from './on-canvas.ts';
import { duration } from './texts.ts';

/** The facts about a job, with links to the nodes of its worker. */
export function factsTable(job: JobView, queue: string): JQuery {
  const { id, name, state, attempt, attempts, priority, delay, addedAt, startedAt, finishedAt, worker } = job;
  const time = (text: string | undefined) => (text === undefined ? '' : new Date(text).toLocaleString());
  const rows: [string, string][] = [
    ['pipeline', name],
    ['id', id],
    ['state', label(`state.${state}`)],
    ['attempt', `${attempt}/${attempts}`],
    ['priority', priority > 0 ? `${priority}` : ''],
    ['delay', delay > 0 ? duration(delay) : ''],
    ['added', time(addedAt)],
    ['started', time(startedAt)],
    ['finished', time(finishedAt)],
    ['worker', worker?.machine ?? worker?.name ?? ''],
  ];
  const table = $('<table class="fp-jobs-table">');
  const add = (key: string, content: JQuery) =>
    table.append($('<tr>').append(textIn('th', '', label(`job.${key}`)), content));
  for (const [key, text] of rows) if (text !== '') add(key, textIn('td', '', text));
  const links = workerNodes(queue).map(nodeLink);
  if (links.length > 0) add('workerNodes', $('<td>').append(links));
  return table;
}

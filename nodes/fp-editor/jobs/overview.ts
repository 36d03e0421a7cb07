import type { QueueEntry, QueueNumbers, QueueView } from '../../fp-jobs/answers.ts';
import { textIn } from './elements.ts';
import { label } from './label.ts';
import { ratesElement } from './rates.ts';
import { count } from './texts.ts';

const shown = ['waiting', 'running', 'delayed', 'dead'] as const;

interface QueueLine {
  entry: QueueEntry;
  /** Undefined before the first sample. */
  view: QueueView | undefined;
}

/** All queues at a glance; a click shows one. */
export function overview(queues: QueueLine[], onOpen: (id: string) => void): JQuery {
  if (queues.length === 0) return textIn('div', 'fp-jobs-empty', label('addQueue'));
  const lines = queues.map((queue) => line(queue).on('click', () => onOpen(queue.entry.id)));
  return $('<div class="fp-jobs-overview">').append(lines);
}

function line({ entry, view }: QueueLine): JQuery {
  const row = $('<button type="button" class="fp-jobs-queue-line">').attr('data-queue', entry.id);
  const head = $('<span class="fp-jobs-line">').append(textIn('span', 'fp-jobs-name', entry.label));
  if (!view) return row.append(head);
  if ('error' in view) return row.append(head, textIn('span', 'fp-jobs-error', view.error));
  const { numbers } = view;
  head.append(state(numbers));
  const counts = shown.map((name) =>
    textIn('span', '', `${count(numbers.counts[name], numbers.countedTo)} ${label(`state.${name}`)}`)
      .toggleClass('fp-jobs-zero', numbers.counts[name] === 0)
      .toggleClass('fp-jobs-bad', name === 'dead' && numbers.counts.dead > 0),
  );
  return row.append(
    head,
    $('<span class="fp-jobs-counts">').append(counts),
    numbers.rates ? ratesElement(numbers.rates) : $(),
  );
}

function state({ isPaused, workers }: QueueNumbers): JQuery {
  if (isPaused) return textIn('span', 'fp-jobs-badge', label('pausedShort'));
  if (workers === 0) return textIn('span', 'fp-jobs-side fp-jobs-bad', label('workers.none'));
  const text = label(workers === 1 ? 'workers.one' : 'workers.some', { n: `${workers}` });
  return textIn('span', 'fp-jobs-side', text);
}

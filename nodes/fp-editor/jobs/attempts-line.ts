import type { JobView } from '../../fp-jobs/answers.ts';
import { textIn } from './elements.ts';
import { label } from './label.ts';
import { shortDuration } from './texts.ts';

type Attempt = JobView['attemptsLog'][number];

/** Draws the attempts of a job as bars on a common line of time, with the errors before the last one; empty before the first. */
export function attemptsLine({ attemptsLog: attempts, error: lastError = '' }: JobView): JQuery {
  const [first] = attempts;
  if (!first) return $();
  const begin = Date.parse(first.startedAt);
  const end = Math.max(...attempts.map(endOf));
  const share = (ms: number) => `${(100 * ms) / Math.max(1, end - begin)}%`;
  const rows = attempts.flatMap((attempt, n) => {
    const [started, ended] = [Date.parse(attempt.startedAt), endOf(attempt)];
    const bar = $(`<span class="fp-jobs-bar fp-jobs-bar-${outcome(attempt)}">`);
    bar.css({ left: share(started - begin), width: share(ended - started) });
    const row = $('<div class="fp-jobs-attempt">')
      .attr('title', [new Date(started).toLocaleString(), attempt.error].filter(Boolean).join('\n'))
      .append(
        textIn('span', 'fp-jobs-side', `${n + 1}`),
        $('<span class="fp-jobs-track">').append(bar),
        textIn('span', 'fp-jobs-side fp-jobs-took', shortDuration(ended - started)),
      );
    const isShown = attempt.error === undefined || lastError.startsWith(attempt.error);
    return isShown ? [row] : [row, textIn('div', 'fp-jobs-attempt-error', attempt.error ?? '')];
  });
  const total = label('attemptsTotal', { time: shortDuration(end - begin) });
  return $('<div class="fp-jobs-attempts">').append(
    rows,
    attempts.length > 1 ? textIn('div', 'fp-jobs-side', total) : $(),
  );
}

/** A running attempt ends now. */
function endOf({ endedAt }: Attempt): number {
  return endedAt === undefined ? Date.now() : Date.parse(endedAt);
}

function outcome({ endedAt, error }: Attempt): 'running' | 'failed' | 'completed' {
  if (endedAt === undefined) return 'running';
  return error === undefined ? 'completed' : 'failed';
}

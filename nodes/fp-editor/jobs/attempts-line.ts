import type { JobView } from '../../fp-jobs/answers.ts';

/** Draws the attempts of a job on a line of time. */
export function attemptsLine(_job: JobView): JQuery {
  return $();
}

/** Actions of the sidebar, with the question before each that loses jobs. */
import type { AnyJobState } from '../../../src/base/model.ts';
import { askedSpeed, confirmed } from './confirm.ts';
import { label } from './label.ts';
import type { Surroundings } from './page.ts';
import { count } from './texts.ts';

/** Asks, then removes the jobs of a state, or those of a group. */
export async function empty(
  { queue, numbers, run }: Surroundings,
  { state, group, jobs }: { state: AnyJobState; group?: string; jobs: number },
): Promise<void> {
  const countedTo = numbers()?.countedTo ?? jobs;
  const text = label('confirm.empty', {
    n: amount(jobs, countedTo),
    state: label(`state.${state}`),
    queue: queue.label,
  });
  const isAgreed = await confirmed({
    text,
    action: label('confirm.remove'),
    jobs: Math.min(jobs, countedTo),
  });
  if (isAgreed) await run('empty', { state, ...(group !== undefined && { group }) });
}

/** In a sentence: "1,234", or "more than 10,000" above what is counted. */
function amount(jobs: number, countedTo: number): string {
  if (jobs <= countedTo) return count(jobs, countedTo);
  return label('confirm.moreThan', { n: count(countedTo, countedTo) });
}

/** Asks how fast, then retries the dead letters, or those of a group. */
export async function retryAll(
  { queue, numbers, run }: Surroundings,
  { group, jobs }: { group?: string; jobs: number },
): Promise<void> {
  const n = amount(jobs, numbers()?.countedTo ?? jobs);
  const text = label('confirm.retry', { n, queue: queue.label });
  const perSecond = await askedSpeed({ text, action: label('action.retry') });
  if (perSecond === undefined) return;
  await run('retry_all', { perSecond, ...(group !== undefined && { group }) });
}

/** Asks, then removes a job. */
export async function remove({ run, back }: Surroundings, id: string): Promise<void> {
  const text = label('confirm.job', { id });
  if (!(await confirmed({ text, action: label('confirm.remove') }))) return;
  await run('remove', { id });
  back();
}

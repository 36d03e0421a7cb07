import { InterruptedError } from '../../../base/errors.ts';
import type { DriverContext } from '../driver.ts';
import { waitToRetry } from '../../../base/growing-delay.ts';
import { isAnswer, troubleOf } from './sql-errors.ts';

/** Retries work on PostgreSQL until the server answers. */
export type UntilServed = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * BullMQ treats every query error as a failure of the current job, so a restart of PostgreSQL would fail successful
 * jobs. Therefore queries never fail while the store is unavailable: they wait and are sent again.
 *
 * A query whose answer was lost is sent twice. BullMQ's functions allow that: the job ID exists, or the lock is gone.
 */
export function retryUntilServed({
  report,
  closing,
}: Pick<DriverContext, 'report' | 'closing'>): UntilServed {
  return async function untilServed(work) {
    for (let attempt = 1; ; attempt++) {
      if (closing.aborted) throw new InterruptedError('the queue was closed');
      try {
        const answer = await work();
        report({ state: 'connected' });
        return answer;
      } catch (error) {
        if (isAnswer(error)) throw error;
        report(troubleOf(error));
        await waitToRetry(attempt, closing);
      }
    }
  };
}

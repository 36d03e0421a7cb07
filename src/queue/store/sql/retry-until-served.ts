import { InterruptedError } from '../../../errors.ts';
import type { DriverContext } from '../driver.ts';
import { waitToRetry } from '../growing-delay.ts';
import { isAnswer, troubleOf } from './sql-errors.ts';

/** Repeats work on PostgreSQL until the store serves it. */
export type UntilServed = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * BullMQ takes an error of a query for a fault of the job at hand: a restart of PostgreSQL would fail jobs that ran
 * well. So no query sees that the store is away; it waits, and is sent again.
 *
 * A query whose answer was lost is sent twice. BullMQ's functions bear that: a job's id is taken, or its lock is gone.
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

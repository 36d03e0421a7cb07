import { InterruptedError } from '../../../base/errors.ts';
import type { DriverContext } from '../driver.ts';
import { waitToRetry } from '../../../base/growing-delay.ts';
import { newestOnly } from '../../../base/one-at-a-time.ts';
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

/**
 * Handles a broken idle connection: sends a query, which waits for the server, to detect that it is available again. If
 * another connection breaks meanwhile, sends one more query.
 */
export function reconnectProbe(
  { report, closing }: Pick<DriverContext, 'report' | 'closing'>,
  ask: () => Promise<unknown>,
): (reason: Error) => void {
  return newestOnly(async (reason) => {
    if (closing.aborted) return;
    report(troubleOf(reason));
    await Promise.allSettled([ask()]);
  });
}

import { newestOnly } from '../../../newest-only.ts';
import type { DriverContext } from '../driver.ts';
import { troubleOf } from './sql-errors.ts';

/**
 * Hears that an idle connection broke, and asks until there is an answer: otherwise nobody would find out that the
 * server is back. A connection that breaks meanwhile, after it gave the answer perhaps, is asked about once more.
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

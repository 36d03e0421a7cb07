import { newestOnly } from '../../../base/one-at-a-time.ts';
import type { DriverContext } from '../driver.ts';
import { troubleOf } from './sql-errors.ts';

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

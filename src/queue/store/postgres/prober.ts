import type { DriverContext } from '../driver.ts';
import { troubleOf } from './postgres-errors.ts';

/**
 * Hears that an idle connection broke, and asks until there is an answer: otherwise nobody would find out that the
 * server is back. A connection that breaks meanwhile, after it gave the answer perhaps, is asked about once more.
 */
export function prober(
  { report, closing }: Pick<DriverContext, 'report' | 'closing'>,
  ask: () => Promise<unknown>,
): (reason: Error) => void {
  let isAsking = false;
  let newest: Error | undefined;
  const probe = async () => {
    isAsking = true;
    for (let reason = newest; reason && !closing.aborted; reason = newest) {
      newest = undefined;
      report(troubleOf(reason));
      await Promise.allSettled([ask()]);
    }
    isAsking = false;
  };
  return (reason) => {
    newest = reason;
    if (!isAsking) void probe();
  };
}

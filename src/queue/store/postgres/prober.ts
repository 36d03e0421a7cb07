import type { DriverContext } from '../driver.ts';
import { troubleOf } from './postgres-errors.ts';

/**
 * Hears that an idle connection broke, and asks until there is an answer: otherwise nobody would find out that the
 * server is back.
 */
export function prober(
  { report, closing }: Pick<DriverContext, 'report' | 'closing'>,
  ask: () => Promise<unknown>,
): (reason: Error) => void {
  let isAsking = false;
  const probe = async (reason: Error) => {
    if (isAsking || closing.aborted) return;
    isAsking = true;
    report(troubleOf(reason));
    await Promise.allSettled([ask()]);
    isAsking = false;
  };
  return (reason) => void probe(reason);
}

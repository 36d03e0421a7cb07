import { InterruptedError, TimedOutError } from '../base/errors.ts';
import type { Attempt } from './attempt.ts';

export interface AttemptLimits {
  /** Milliseconds; 0 for no limit. */
  timeout: number;
  /** Aborts when the worker stops waiting. */
  stopping: AbortSignal;
  /** Names of the nodes that hold the job, for the timeout's message. */
  describe: () => string[];
}

/**
 * Runs an attempt until it ends, times out, or the worker stops. In the latter two cases the attempt's signal aborts,
 * and `run` is no longer waited for.
 *
 * @throws TimedOutError, InterruptedError, the reason given to `attempt.end`, or an error of `run`
 */
export async function runAttempt<T>(
  attempt: Pick<Attempt, 'signal' | 'end'>,
  run: () => Promise<T>,
  { timeout, stopping, describe }: AttemptLimits,
): Promise<T> {
  const stop = () =>
    attempt.end(new InterruptedError('the worker stopped; the job was returned to the queue'));
  const timer =
    timeout > 0
      ? setTimeout(() => attempt.end(TimedOutError.of('the job', timeout, describe())), timeout)
      : undefined;
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  try {
    return await orAborted(run, attempt.signal);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', stop);
  }
}

function orAborted<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    run().then(resolve, reject);
  });
}

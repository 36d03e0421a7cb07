import { InterruptedError, TimedOutError } from '../errors.ts';
import type { Attempt } from './attempt.ts';

export interface AttemptLimits {
  /** Milliseconds; 0 for no limit. */
  timeout: number;
  /** Aborts when the worker may wait no longer. */
  stopping: AbortSignal;
  /** What still holds the job, for the time-out's text. */
  describe: () => string[];
}

/**
 * Runs one attempt until it ends or is ended, its time is up, or the worker stops; `run` is told through the attempt's
 * signal, and is not waited for any longer.
 *
 * @throws TimedOutError, InterruptedError, what the attempt was ended with, or what `run` throws
 */
export async function runAttempt<T>(
  attempt: Pick<Attempt, 'signal' | 'end'>,
  run: () => Promise<T>,
  { timeout, stopping, describe }: AttemptLimits,
): Promise<T> {
  const stop = () =>
    attempt.end(new InterruptedError('the worker stopped; the job is given back to the queue'));
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

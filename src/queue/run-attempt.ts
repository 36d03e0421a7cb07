import { InterruptedError, TimedOutError } from '../errors.ts';

export interface AttemptLimits {
  /** Milliseconds; 0 for no limit. */
  timeout: number;
  /** Aborts when the worker may wait no longer. */
  stopping: AbortSignal;
  /** What still holds the job, for the time-out's text. */
  describe: () => string[];
}

/**
 * Runs one attempt until it ends, its time is up, or the worker stops; `run` is told through its signal, and is not
 * waited for any longer.
 *
 * @throws TimedOutError, InterruptedError, or what `run` throws
 */
export async function runAttempt<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { timeout, stopping, describe }: AttemptLimits,
): Promise<T> {
  const cutOff = new AbortController();
  const stop = () =>
    cutOff.abort(new InterruptedError('the worker stopped; the job is given back to the queue'));
  const timer =
    timeout > 0 ? setTimeout(() => cutOff.abort(timeOut(timeout, describe())), timeout) : undefined;
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  try {
    return await orAborted(run, cutOff.signal);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', stop);
  }
}

function orAborted<T>(run: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    run(signal).then(resolve, reject);
  });
}

function timeOut(timeout: number, holders: string[]): TimedOutError {
  const held = holders.length > 0 ? `; still held by ${holders.join(', ')}` : '';
  return new TimedOutError(`the job ran longer than ${timeout / 1000} s${held}`);
}

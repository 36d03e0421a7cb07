import { InterruptedError } from './errors.ts';

/** Settles like `work`; rejects with InterruptedError if `closing` aborts first, while the work may continue. */
export function orInterrupted<T>(work: Promise<T>, closing: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const interrupt = () => reject(new InterruptedError('the queue was closed'));
    if (closing.aborted) interrupt();
    closing.addEventListener('abort', interrupt, { once: true });
    work.then(resolve, reject).finally(() => closing.removeEventListener('abort', interrupt));
  });
}

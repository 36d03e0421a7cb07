import { InterruptedError } from '../../errors.ts';

/** What `work` gives, unless `closing` aborts first: then an InterruptedError, while the work may go on unheard. */
export function orInterrupted<T>(work: Promise<T>, closing: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const interrupt = () => reject(new InterruptedError('the queue was closed'));
    if (closing.aborted) interrupt();
    closing.addEventListener('abort', interrupt, { once: true });
    work.then(resolve, reject).finally(() => closing.removeEventListener('abort', interrupt));
  });
}

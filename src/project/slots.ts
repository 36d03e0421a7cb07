import { OverloadedError } from '../base/errors.ts';

const MOST_WAITING = 10_000;

/** A fixed number of slots for one user each. Users wait in order of arrival. */
export interface Slots<T> {
  /** Waits for a free slot. Rejects with the signal's reason, or with OverloadedError if too many wait. */
  take: (signal: AbortSignal) => Promise<T>;
  give: (slot: T) => void;
}

/**
 * Opens slots. A free slot for which `isBetter` is true is taken first, for instance one whose process already runs.
 */
export function openSlots<T>(all: T[], isBetter: (slot: T) => boolean): Slots<T> {
  const free = [...all];
  const waiting: ((slot: T) => void)[] = [];

  const wait = (signal: AbortSignal) =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length >= MOST_WAITING)
        throw new OverloadedError(`more than ${MOST_WAITING} pipeline runs are waiting`);
      const abort = () => {
        waiting.splice(waiting.indexOf(taken), 1);
        reject(signal.reason as Error);
      };
      const taken = (slot: T) => {
        signal.removeEventListener('abort', abort);
        resolve(slot);
      };
      signal.addEventListener('abort', abort, { once: true });
      waiting.push(taken);
    });

  return {
    async take(signal) {
      signal.throwIfAborted();
      const [slot] = free.splice(Math.max(0, free.findIndex(isBetter)), 1);
      return slot ?? wait(signal);
    },
    give(slot) {
      const next = waiting.shift();
      if (next) next(slot);
      else free.push(slot);
    },
  };
}

import type { Producer } from './producer.ts';

/** Hears what this process does with the jobs of a queue. Durations are in milliseconds. */
export interface JobObserver {
  /** A job was stored; `deduplicated`: an earlier one has the same key. */
  onStored(duration: number, deduplicated: boolean): void;
  /** A worker has taken a job for its first attempt, `waited` after it was due. */
  onTaken(waited: number): void;
  /** The completion of a job is stored. */
  onCompleted(ran: number): void;
  /** The failure of an attempt is stored; `isLast`: the job became a dead letter. */
  onFailed(ran: number, isLast: boolean): void;
}

/** A producer that tells an observer of each stored job. */
export function observed(producer: Producer, observer: JobObserver | undefined): Producer {
  if (!observer) return producer;
  return {
    async add(job) {
      const began = Date.now();
      const added = await producer.add(job);
      observer.onStored(Date.now() - began, added.deduplicated);
      return added;
    },
    forget: (key) => producer.forget(key),
    waiting: () => producer.waiting(),
    close: (graceMs) => producer.close(graceMs),
  };
}

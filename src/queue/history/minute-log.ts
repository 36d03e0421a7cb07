import type { JobObserver } from '../job-observer.ts';
import { MINUTE, newMinute, type MinuteCounts } from './minute-counts.ts';

/** Minutes that wait while the store is unavailable; older ones are dropped. */
const MOST_WAITING = 60;
/** Processes write within this time after the end of a minute, in milliseconds, not all at once. */
const SPREAD = 5000;

/**
 * Counts what happens to the jobs of a queue in this process. Writes the counts after the end of each minute in which
 * something happened; a failed write loses them, and nothing else.
 */
export class MinuteLog implements JobObserver {
  readonly #write: (counts: MinuteCounts) => Promise<void>;
  readonly #minutes = new Map<number, MinuteCounts>();
  #timer: NodeJS.Timeout | undefined;
  #written: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(write: (counts: MinuteCounts) => Promise<void>) {
    this.#write = write;
  }

  onStored(_duration: number, deduplicated: boolean): void {
    if (!deduplicated) this.#now().enqueued += 1;
  }

  onTaken(waited: number): void {
    this.#now().wait.record(waited);
  }

  onCompleted(ran: number): void {
    const minute = this.#now();
    minute.run.record(ran);
    minute.completed += 1;
  }

  onFailed(ran: number, isLast: boolean): void {
    const minute = this.#now();
    minute.run.record(ran);
    if (isLast) minute.failed += 1;
  }

  /** Node-RED has started these flows. */
  onDeploy(): void {
    this.#now().deploys += 1;
  }

  /** Writes the counts so far. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#written = this.#written.then(() => this.#writeAll());
    return this.#written;
  }

  /** Counts no more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #writeAll(): Promise<void> {
    try {
      // What happens meanwhile belongs to the next write.
      const minutes = [...this.#minutes.values()];
      this.#minutes.clear();
      for (const counts of minutes) await this.#write(counts);
    } catch {
      // The history is not worth a warning: whoever reads it gets the store's error.
    }
  }

  #now(): MinuteCounts {
    const minute = Math.floor(Date.now() / MINUTE);
    const known = this.#minutes.get(minute);
    if (known) return known;
    const counts = newMinute(minute);
    this.#minutes.set(minute, counts);
    const [oldest] = this.#minutes.keys();
    if (this.#minutes.size > MOST_WAITING) this.#minutes.delete(oldest ?? minute);
    this.#schedule(minute);
    return counts;
  }

  #schedule(minute: number): void {
    if (this.#isClosed) return;
    const untilEnd = (minute + 1) * MINUTE - Date.now();
    this.#timer ??= setTimeout(() => void this.flush(), untilEnd + Math.random() * SPREAD).unref();
  }
}

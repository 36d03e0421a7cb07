import { InterruptedError } from '../base/errors.ts';

/** A task for the inbox owner. `isAgain`: an earlier run was interrupted and may have completed partially. */
type Task<Owner> = (owner: Owner, isAgain: boolean) => Promise<void>;

interface PendingTask<Owner> {
  task: Task<Owner>;
  /** Position in the order of arrival. */
  arrival: number;
  isAgain: boolean;
  settled: () => void;
}

/** Milliseconds until an interrupted task is run again by the same owner. */
const RETRY_DELAY = 1000;

/**
 * The tasks of one subscriber, kept across its restarts: while there is no owner, tasks wait for the next one.
 *
 * A task settles when its owner fulfils or rejects it. A task that the owner interrupts (InterruptedError) is run
 * again, by the next owner if there is one.
 */
export class Inbox<Owner> {
  #owner: Owner | undefined;
  #waiting: PendingTask<Owner>[] = [];
  #arrivals = 0;
  #isClosed = false;
  #again: NodeJS.Timeout | undefined;

  get owner(): Owner | undefined {
    return this.#owner;
  }

  /** Number of tasks that wait for an owner. */
  get waiting(): number {
    return this.#waiting.length;
  }

  attach(owner: Owner): void {
    this.#owner = owner;
    this.#handOutWaiting();
  }

  detach(): void {
    this.#owner = undefined;
  }

  /** Settles all waiting and future tasks: there will be no further owner. */
  close(): void {
    this.#isClosed = true;
    this.detach();
    this.#handOutWaiting();
  }

  /** Resolves when the task has settled; never rejects. */
  deliver(task: Task<Owner>): Promise<void> {
    this.#arrivals += 1;
    const arrival = this.#arrivals;
    return new Promise((settled) => this.#handOut({ task, arrival, isAgain: false, settled }));
  }

  #handOut(pending: PendingTask<Owner>): void {
    if (this.#isClosed) pending.settled();
    else if (this.#owner === undefined) this.#waiting.push(pending);
    else void this.#run(pending, this.#owner);
  }

  async #run(pending: PendingTask<Owner>, owner: Owner): Promise<void> {
    try {
      await pending.task(owner, pending.isAgain);
    } catch (error) {
      // The owner has reported any other error; running the task again would not help.
      if (error instanceof InterruptedError) return this.#keep({ ...pending, isAgain: true }, owner);
    }
    pending.settled();
  }

  #keep(pending: PendingTask<Owner>, interrupter: Owner): void {
    if (this.#owner !== interrupter) return this.#handOut(pending);
    this.#waiting.push(pending);
    this.#again ??= setTimeout(() => this.#handOutWaiting(), RETRY_DELAY);
  }

  #handOutWaiting(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    const waiting = this.#waiting.toSorted((a, b) => a.arrival - b.arrival);
    this.#waiting = [];
    for (const pending of waiting) this.#handOut(pending);
  }
}

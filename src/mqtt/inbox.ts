import { InterruptedError } from '../errors.ts';

/** Something for the owner of an inbox to do; `isAgain`: an earlier try was interrupted and may have done part of it. */
export type Task<Owner> = (owner: Owner, isAgain: boolean) => Promise<void>;

interface PendingTask<Owner> {
  task: Task<Owner>;
  /** Place in the order of arrival. */
  arrival: number;
  isAgain: boolean;
  settled: () => void;
}

/** Milliseconds after which an owner that stays is asked again to do what was interrupted. */
const RETRY_DELAY = 1000;

/**
 * What has arrived for one subscriber, kept over its restarts: while the owner is away, tasks wait for the next one.
 *
 * A task settles when its owner fulfils or rejects it. One that the owner interrupts (InterruptedError) is
 * handed out again, to the next owner where there is one.
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

  /** How many tasks wait for an owner. */
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

  /** Nobody will come for what waits, or arrives from now on: it is settled. */
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
      // Any other rejection is the owner's to report; handing out again would not help.
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

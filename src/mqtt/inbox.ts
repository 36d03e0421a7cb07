import { InterruptedError } from '../errors.ts';

/** Something for the owner of an inbox to do; `isAgain`: an earlier try was interrupted and may have done part of it. */
export type Task<Owner> = (owner: Owner, isAgain: boolean) => Promise<void>;

interface Delivery<Owner> {
  task: Task<Owner>;
  /** Place in the order of arrival. */
  arrival: number;
  isAgain: boolean;
  settled: () => void;
}

/** Milliseconds after which an owner that stays is asked again to do what was interrupted. */
const AGAIN = 1000;

/**
 * What has arrived for one subscriber, kept over its restarts: while the owner is away, deliveries wait for the next one.
 *
 * A delivery settles when its owner fulfils or rejects it. One that the owner interrupts (InterruptedError) is
 * handed out again, to the next owner where there is one.
 */
export class Inbox<Owner> {
  #owner: Owner | undefined;
  #waiting: Delivery<Owner>[] = [];
  #arrivals = 0;
  #isClosed = false;
  #again: NodeJS.Timeout | undefined;

  get owner(): Owner | undefined {
    return this.#owner;
  }

  /** How many deliveries wait for an owner. */
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

  #handOut(delivery: Delivery<Owner>): void {
    if (this.#isClosed) delivery.settled();
    else if (this.#owner === undefined) this.#waiting.push(delivery);
    else void this.#run(delivery, this.#owner);
  }

  async #run(delivery: Delivery<Owner>, owner: Owner): Promise<void> {
    try {
      await delivery.task(owner, delivery.isAgain);
    } catch (error) {
      // Any other rejection is the owner's to report; handing out again would not help.
      if (error instanceof InterruptedError) return this.#keep({ ...delivery, isAgain: true }, owner);
    }
    delivery.settled();
  }

  #keep(delivery: Delivery<Owner>, interrupter: Owner): void {
    if (this.#owner !== interrupter) return this.#handOut(delivery);
    this.#waiting.push(delivery);
    this.#again ??= setTimeout(() => this.#handOutWaiting(), AGAIN);
  }

  #handOutWaiting(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    const waiting = this.#waiting.toSorted((a, b) => a.arrival - b.arrival);
    this.#waiting = [];
    for (const delivery of waiting) this.#handOut(delivery);
  }
}

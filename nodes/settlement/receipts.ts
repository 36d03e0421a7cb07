import type { Hold, Holder } from '../../src/index.ts';

/**
 * Who received which message object. A node completes with the very object it received, whatever it has done to its
 * properties meanwhile, and it may complete twice: so the object says which hold ends, and each ends once.
 */
export class Receipts {
  readonly #holds = new WeakMap<object, Hold[]>();

  add(msg: object, hold: Hold): void {
    const holds = this.#holds.get(msg);
    if (holds) holds.push(hold);
    else this.#holds.set(msg, [hold]);
  }

  /** Removes and returns the hold that `holder` has on this message, if it has one. */
  take(msg: object, holder: Holder): Hold | undefined {
    const holds = this.#holds.get(msg);
    if (!holds) return undefined;
    const index = holds.findIndex((hold) => hold.holder === holder);
    return index < 0 ? undefined : holds.splice(index, 1)[0];
  }

  /** Whether anyone ever received this very object. */
  has(msg: object): boolean {
    return this.#holds.has(msg);
  }
}

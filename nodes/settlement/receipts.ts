import type { Hold, Holder } from '../../src/index.ts';
import type { Moment } from './closed-nodes.ts';

/** A node received a message. */
export interface Receipt {
  hold: Hold;
  since: Moment;
}

/**
 * Who received which message object. A node completes with the very object it received, whatever it has done to its
 * properties meanwhile, and it may complete twice: so the object says which hold ends, and each ends once.
 */
export class Receipts {
  readonly #receipts = new WeakMap<object, Receipt[]>();

  add(msg: object, receipt: Receipt): void {
    const receipts = this.#receipts.get(msg);
    if (receipts) receipts.push(receipt);
    else this.#receipts.set(msg, [receipt]);
  }

  /** Removes and returns what `holder` has of this message, if it has it. */
  take(msg: object, holder: Holder): Receipt | undefined {
    const receipts = this.#receipts.get(msg);
    if (!receipts) return undefined;
    const index = receipts.findIndex(({ hold }) => hold.holder === holder);
    return index < 0 ? undefined : receipts.splice(index, 1)[0];
  }

  /** Whether anyone ever received this very object. */
  has(msg: object): boolean {
    return this.#receipts.has(msg);
  }
}

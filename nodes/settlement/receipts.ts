import type { Hold, Holder } from '../../src/index.ts';
import type { Moment } from './closed-nodes.ts';

/** The arrival of a message at a node. */
export interface Receipt {
  hold: Hold;
  since: Moment;
}

/**
 * Finds the receipt for a message object. A node calls `done` with the object that it received, even if it changed the
 * object's properties. A node may call `done` twice, so each receipt is returned once.
 */
export class Receipts {
  readonly #receipts = new WeakMap<object, Receipt[]>();

  add(msg: object, receipt: Receipt): void {
    const receipts = this.#receipts.get(msg);
    if (receipts) receipts.push(receipt);
    else this.#receipts.set(msg, [receipt]);
  }

  /** Removes and returns the receipt of this message at `holder`. */
  take(msg: object, holder: Holder): Receipt | undefined {
    const receipts = this.#receipts.get(msg);
    if (!receipts) return undefined;
    const index = receipts.findIndex(({ hold }) => hold.holder === holder);
    return index < 0 ? undefined : receipts.splice(index, 1)[0];
  }

  /** Tells whether any node ever received this object. */
  has(msg: object): boolean {
    return this.#receipts.has(msg);
  }
}

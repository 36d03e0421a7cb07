import { randomUUID } from 'node:crypto';
import { BlockedError, GiveUpError, InterruptedError } from '../errors.ts';
import { nameOf, type Holder } from './holder.ts';
import { NodeError } from './node-error.ts';

/** One arrival of a delivery's message at a holder, until that holder finishes with it. */
export interface Hold {
  readonly delivery: OpenDelivery;
  readonly holder: Holder;
}

/** What the one who put a message into a flow sees of its delivery. */
export interface Delivery {
  readonly id: string;
  /** Fulfilled when everyone who got the message has finished; rejected with the first error, or by `abandon`. */
  readonly settled: Promise<void>;
  /** The error that will reject the delivery once nobody holds it any more. */
  readonly failure: NodeError | undefined;
  /** A node that holds the message and cannot take it, if there is one: the delivery ends when the flow is corrected. */
  readonly blocked: BlockedError | undefined;
  /** The names of those who still hold it, for instance `parse (function)`. */
  holders(): string[];
  /** Whether a node of this type has the message, or is about to get it. */
  isHeldByType(type: string): boolean;
  /** Stops following the message: the delivery is rejected with `error` now, whoever still holds it. */
  abandon(error: Error): void;
}

export interface DeliveryOptions {
  /** An error that a Catch node handled does not reject the delivery. Default: false. */
  leaveCaughtErrors?: boolean;
  /** What nodes on the message's way may ask the delivery for. */
  context?: unknown;
  /** A node cannot take the message, and holds it until the flow is corrected or the delivery is abandoned. */
  onBlocked?: (error: BlockedError) => void;
}

/** A delivery that has not settled: counts who is expected to get its message and who holds it. */
export class OpenDelivery implements Delivery {
  readonly id = randomUUID();
  readonly settled: Promise<void>;
  /** Who put the message into a flow. */
  readonly sender: Holder;
  readonly options: DeliveryOptions;
  readonly #expected = new Map<Holder, number>();
  readonly #holds = new Set<Hold>();
  readonly #inner = new Set<OpenDelivery>();
  #failure: NodeError | undefined;
  #blocked: { by: Holder; error: BlockedError } | undefined;
  #latest: { holder: Holder; error: NodeError } | undefined;
  #settle!: (error?: Error) => void;

  /** `onSettled` is called once, when the delivery settles. */
  constructor(sender: Holder, options: DeliveryOptions, onSettled: (delivery: OpenDelivery) => void) {
    this.sender = sender;
    this.options = options;
    this.settled = new Promise((resolve, reject) => {
      this.#settle = (error) => {
        onSettled(this);
        if (error) reject(error);
        else resolve();
      };
    });
    // Who waits for a delivery may be gone when it is abandoned; that must not end the process.
    this.settled.catch(() => {});
  }

  get failure(): NodeError | undefined {
    return this.#failure;
  }

  get blocked(): BlockedError | undefined {
    return this.#blocked?.error ?? [...this.#inner].find((inner) => inner.blocked)?.blocked;
  }

  /** `holder` has the message and cannot take it, for the `reason` given. */
  block(holder: Holder, reason: string): void {
    this.#blocked ??= { by: holder, error: new BlockedError(`waits for ${nameOf(holder)}: ${reason}`) };
    this.options.onBlocked?.(this.#blocked.error);
  }

  isBlockedBy(holder: Holder): boolean {
    return this.#blocked?.by === holder;
  }

  /** The message was sent to `holder` and is on its way. */
  expect(holder: Holder): void {
    this.#expected.set(holder, (this.#expected.get(holder) ?? 0) + 1);
  }

  /** The message reached `holder`, announced by `expect` or not. */
  arrive(holder: Holder): Hold {
    const expected = this.#expected.get(holder) ?? 0;
    if (expected > 1) this.#expected.set(holder, expected - 1);
    else this.#expected.delete(holder);
    const hold = { delivery: this, holder };
    this.#holds.add(hold);
    return hold;
  }

  /** The holder has finished; finishing twice is finishing once. */
  finish(hold: Hold): void {
    if (this.#holds.delete(hold)) this.#settleWhenFree();
  }

  /** `holder` has finished with one of the messages it holds, nobody knows with which. */
  finishAny(holder: Holder): void {
    for (const hold of this.#holds) {
      if (hold.holder === holder) {
        this.finish(hold);
        return;
      }
    }
  }

  /** `holder` reported an error; the same one reported twice is one error. */
  fail(holder: Holder, cause: unknown): void {
    if (this.#latest?.holder === holder && this.#latest.error.cause === cause) return;
    this.#latest = { holder, error: new NodeError(nameOf(holder), cause) };
    this.#failure ??= this.#latest.error;
  }

  /** A holder put the message into another flow and waits for `inner`, which ends with this delivery at the latest. */
  contain(inner: OpenDelivery): void {
    this.#inner.add(inner);
    const forget = () => this.#inner.delete(inner);
    inner.settled.then(forget, forget);
    this.settled.catch((reason: Error) => inner.abandon(reason));
  }

  /** A Catch node got the error reported last. */
  caught(): void {
    if (this.options.leaveCaughtErrors && this.#failure === this.#latest?.error) this.#failure = undefined;
  }

  holders(): string[] {
    const active = [...this.#holds].map((hold) => hold.holder);
    const inside = [...this.#inner].flatMap((inner) => inner.holders());
    return [...new Set([...[...active, ...this.#expected.keys()].map(nameOf), ...inside])];
  }

  isHeldBy(holder: Holder): boolean {
    return this.#expected.has(holder) || [...this.#holds].some((hold) => hold.holder === holder);
  }

  isHeldByType(type: string): boolean {
    // Who waits for another flow waits for the nodes in there.
    if (this.#inner.size > 0) return [...this.#inner].some((inner) => inner.isHeldByType(type));
    const holders = [...this.#expected.keys(), ...[...this.#holds].map(({ holder }) => holder)];
    return holders.some((holder) => holder.type === type);
  }

  abandon(error: Error): void {
    this.#settle(error);
  }

  /**
   * What follows from finishing comes a moment after it: Catch and Complete nodes get the message once a node is
   * done, a function that reported an error still sends its result. So look again when that has happened.
   */
  #settleWhenFree(): void {
    if (!this.#isFree()) return;
    setImmediate(() => {
      if (this.#isFree()) this.#settle(this.#failure && actionIn(this.#failure));
    });
  }

  #isFree(): boolean {
    return this.#holds.size === 0 && this.#expected.size === 0;
  }
}

/** An error of ours says by its class what to do, so it comes out as it is. */
function actionIn(failure: NodeError): Error {
  const { cause } = failure;
  return cause instanceof InterruptedError || cause instanceof GiveUpError ? cause : failure;
}

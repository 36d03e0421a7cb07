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

/** `Context` is what the message brings along for the nodes on its way. */
export interface DeliveryOptions<Context = unknown> {
  /** An error that a Catch node handled does not reject the delivery. Default: false. */
  leaveCaughtErrors?: boolean;
  /** What nodes on the message's way may ask the delivery for. */
  context?: Context;
  /** A node cannot take the message, and holds it until the flow is corrected or the delivery is abandoned. */
  onBlocked?: (error: BlockedError) => void;
}

/** A delivery that has not settled: counts who is expected to get its message and who holds it. */
export class OpenDelivery<Context = unknown> implements Delivery {
  readonly id = randomUUID();
  readonly settled: Promise<void>;
  /** Who put the message into a flow. */
  readonly sender: Holder;
  readonly options: DeliveryOptions<Context>;
  readonly #expected = new Map<Holder, number>();
  readonly #holds = new Set<Hold>();
  readonly #inner = new Set<OpenDelivery>();
  /** The merged messages that this one is in; and the deliveries that are in this merged message. */
  readonly #leaders = new Set<OpenDelivery>();
  readonly #followers = new Set<OpenDelivery>();
  #isSettled = false;
  #wasAbandoned = false;
  #failure: NodeError | undefined;
  #blocked: { by: Holder; error: BlockedError } | undefined;
  #latest: { holder: Holder; error: NodeError } | undefined;
  #settle!: (error?: Error) => void;

  /** `onSettled` is called once, when the delivery settles. */
  constructor(
    sender: Holder,
    options: DeliveryOptions<Context>,
    onSettled: (delivery: OpenDelivery) => void,
  ) {
    this.sender = sender;
    this.options = options;
    this.settled = new Promise((resolve, reject) => {
      this.#settle = (error) => {
        if (this.#isSettled) return;
        this.#isSettled = true;
        onSettled(this);
        this.#leave(error);
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
    const all = this.#withLeaders().flatMap((delivery) => [delivery, ...delivery.#inner]);
    return all.map((delivery) => delivery.#blocked?.error).find((error) => error !== undefined);
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
    this.#forget(holder);
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

  /**
   * A node merged this delivery's message into that of `leader`: this one settles after `leader`, and fails with it. A
   * leader that nobody follows any more is abandoned.
   */
  follow(leader: OpenDelivery): void {
    if (this.#isSettled || leader.#isSettled) return;
    this.#leaders.add(leader);
    leader.#followers.add(this);
  }

  /** The message that is on its way to `holder` belongs to another delivery now; false if it has arrived. */
  give(holder: Holder, other: OpenDelivery): boolean {
    const isExpected = this.#forget(holder);
    if (isExpected) other.expect(holder);
    return isExpected;
  }

  /** A Catch node got the error reported last. */
  caught(): void {
    if (this.options.leaveCaughtErrors && this.#failure === this.#latest?.error) this.#failure = undefined;
  }

  /** The names of those who hold it, or a message that it was merged into. */
  holders(): string[] {
    return [...new Set(this.#withLeaders().flatMap((delivery) => delivery.#ownHolders()))];
  }

  isHeldBy(holder: Holder): boolean {
    return this.#expected.has(holder) || [...this.#holds].some((hold) => hold.holder === holder);
  }

  isHeldByType(type: string): boolean {
    return this.#withLeaders().some((delivery) => delivery.#isHeldByType(type));
  }

  abandon(error: Error): void {
    this.#wasAbandoned ||= !this.#isSettled;
    this.#settle(error);
  }

  get wasAbandoned(): boolean {
    return this.#wasAbandoned;
  }

  /** This delivery, and those of the merged messages that it is in. */
  #withLeaders(): OpenDelivery[] {
    const all = new Set<OpenDelivery>([this]);
    // A set that grows is walked to its new end.
    for (const delivery of all) for (const leader of delivery.#leaders) all.add(leader);
    return [...all];
  }

  /** Who waits for another flow waits for the nodes in there. */
  #isHeldByType(type: string): boolean {
    if (this.#inner.size > 0) return [...this.#inner].some((inner) => inner.isHeldByType(type));
    const holders = [...this.#expected.keys(), ...[...this.#holds].map(({ holder }) => holder)];
    return holders.some((holder) => holder.type === type);
  }

  #ownHolders(): string[] {
    const active = [...this.#holds].map((hold) => hold.holder);
    const inside = [...this.#inner].flatMap((inner) => inner.holders());
    return [...[...active, ...this.#expected.keys()].map(nameOf), ...inside];
  }

  /** One message less is on its way to `holder`; false if none was. */
  #forget(holder: Holder): boolean {
    const expected = this.#expected.get(holder) ?? 0;
    if (expected > 1) this.#expected.set(holder, expected - 1);
    else this.#expected.delete(holder);
    return expected > 0;
  }

  /** Ends the following on both sides; not at once, as a chain of followers may be longer than the call stack. */
  #leave(error?: Error): void {
    for (const leader of this.#leaders) {
      leader.#followers.delete(this);
      if (error && leader.#followers.size === 0) queueMicrotask(() => leader.abandon(error));
    }
    for (const follower of this.#followers) queueMicrotask(() => follower.#leaderSettled(this, error));
    this.#leaders.clear();
    this.#followers.clear();
  }

  #leaderSettled(leader: OpenDelivery, error?: Error): void {
    this.#leaders.delete(leader);
    const failure = leader.#failure;
    if (error && !(failure && error === actionIn(failure))) return this.abandon(error);
    if (error) this.#failure ??= failure;
    this.#settleWhenFree();
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
    return this.#holds.size === 0 && this.#expected.size === 0 && this.#leaders.size === 0;
  }
}

/** An error of ours says by its class what to do, so it comes out as it is. */
function actionIn(failure: NodeError): Error {
  const { cause } = failure;
  return cause instanceof InterruptedError || cause instanceof GiveUpError ? cause : failure;
}

import { randomUUID } from 'node:crypto';
import { BlockedError, GiveUpError, InterruptedError } from '../base/errors.ts';
import { nameOf, type Holder } from './holder.ts';
import { NodeError } from './node-error.ts';

/** One arrival of a delivery's message at a holder, until the holder has finished with it. */
export interface Hold {
  readonly delivery: OpenDelivery;
  readonly holder: Holder;
}

/** A delivery, as the sender of its message sees it. */
export interface Delivery {
  readonly id: string;
  /** Fulfilled when every holder has finished with the message; rejected with the first error, or by `abandon`. */
  readonly settled: Promise<void>;
  /** The error that will reject the delivery when the last holder has finished. */
  readonly failure: NodeError | undefined;
  /** Set while a node holds the message but cannot take it: the delivery waits until the flow is corrected. */
  readonly blocked: BlockedError | undefined;
  /** Names of the holders, for instance `parse (function)`. */
  holders(): string[];
  /** Tells whether a node of this type has the message, or will get it next. */
  isHeldByType(type: string): boolean;
  /** Rejects the delivery with `error` now, and no longer tracks its message. */
  abandon(error: Error): void;
}

export interface DeliveryOptions<Context = unknown> {
  /** Ignores errors that a Catch node handled. Default: false. */
  leaveCaughtErrors?: boolean;
  /** Available to the nodes that get the message. */
  context?: Context;
  /** Called when a node cannot take the message: it holds it until the flow is corrected or the delivery is abandoned. */
  onBlocked?: (error: BlockedError) => void;
}

/** An unsettled delivery: tracks which holders have its message, and which will get it. */
export class OpenDelivery<Context = unknown> implements Delivery {
  readonly id = randomUUID();
  readonly settled: Promise<void>;
  /** The node that put the message into a flow. */
  readonly sender: Holder;
  readonly options: DeliveryOptions<Context>;
  readonly #expected = new Map<Holder, number>();
  readonly #holds = new Set<Hold>();
  readonly #inner = new Set<OpenDelivery>();
  /** Leaders: the merged messages that contain this message. Followers: the deliveries merged into this one. */
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
    // Without this handler, abandoning a delivery that no one awaits would end the process.
    this.settled.catch(() => {});
  }

  get failure(): NodeError | undefined {
    return this.#failure;
  }

  get blocked(): BlockedError | undefined {
    const all = this.#withLeaders().flatMap((delivery) => [delivery, ...delivery.#inner]);
    return all.map((delivery) => delivery.#blocked?.error).find((error) => error !== undefined);
  }

  /** Marks that `holder` has the message but cannot take it. */
  block(holder: Holder, reason: string): void {
    this.#blocked ??= { by: holder, error: new BlockedError(`waits for ${nameOf(holder)}: ${reason}`) };
    this.options.onBlocked?.(this.#blocked.error);
  }

  isBlockedBy(holder: Holder): boolean {
    return this.#blocked?.by === holder;
  }

  /** Marks the message as sent to `holder`. */
  expect(holder: Holder): void {
    this.#expected.set(holder, (this.#expected.get(holder) ?? 0) + 1);
  }

  /** Marks the message as arrived at `holder`, with or without a preceding `expect`. */
  arrive(holder: Holder): Hold {
    this.#forget(holder);
    const hold = { delivery: this, holder };
    this.#holds.add(hold);
    return hold;
  }

  /** Marks a hold as finished; idempotent. */
  finish(hold: Hold): void {
    if (this.#holds.delete(hold)) this.#settleWhenFree();
  }

  /** Finishes any one hold of `holder`, if it is unknown which one ended. */
  finishAny(holder: Holder): void {
    for (const hold of this.#holds) {
      if (hold.holder === holder) {
        this.finish(hold);
        return;
      }
    }
  }

  /** Records an error reported by `holder`; ignores the same error reported twice. */
  fail(holder: Holder, cause: unknown): void {
    if (this.#latest?.holder === holder && this.#latest.error.cause === cause) return;
    this.#latest = { holder, error: new NodeError(holder, cause) };
    this.#failure ??= this.#latest.error;
  }

  /**
   * Adds the delivery of a holder that put the message into another flow. If this delivery fails, `inner` is abandoned.
   */
  contain(inner: OpenDelivery): void {
    this.#inner.add(inner);
    const forget = () => this.#inner.delete(inner);
    inner.settled.then(forget, forget);
    this.settled.catch((reason: Error) => inner.abandon(reason));
  }

  /**
   * Marks this delivery's message as merged into that of `leader`: this delivery settles after `leader`, and fails with
   * it. A leader whose last follower fails is abandoned.
   */
  follow(leader: OpenDelivery): void {
    if (this.#isSettled || leader.#isSettled) return;
    this.#leaders.add(leader);
    leader.#followers.add(this);
  }

  /** Moves the message sent to `holder` to another delivery; returns false if it has already arrived. */
  give(holder: Holder, other: OpenDelivery): boolean {
    const isExpected = this.#forget(holder);
    if (isExpected) other.expect(holder);
    return isExpected;
  }

  /** Marks the last reported error as handled by a Catch node. */
  caught(): void {
    if (this.options.leaveCaughtErrors && this.#failure === this.#latest?.error) this.#failure = undefined;
  }

  /** Names of the holders of this message, and of the messages it was merged into. */
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

  /** Returns this delivery and all its leaders. */
  #withLeaders(): OpenDelivery[] {
    const all = new Set<OpenDelivery>([this]);
    // Iterating a Set includes the entries added meanwhile.
    for (const delivery of all) for (const leader of delivery.#leaders) all.add(leader);
    return [...all];
  }

  /** If holders wait for other flows, only the nodes in these flows count. */
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

  /** Removes one expected message of `holder`; returns false if there was none. */
  #forget(holder: Holder): boolean {
    const expected = this.#expected.get(holder) ?? 0;
    if (expected > 1) this.#expected.set(holder, expected - 1);
    else this.#expected.delete(holder);
    return expected > 0;
  }

  /**
   * Removes this delivery from leaders and followers. Notifies them asynchronously: chains can exceed the call stack.
   */
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
   * Settles unless the message goes on. Checks again in the next turn: Catch and Complete nodes get the message after a
   * node is done, and a function that reported an error may still send its result.
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

/** Unwraps errors whose class means an action. */
function actionIn(failure: NodeError): Error {
  const { cause } = failure;
  return cause instanceof InterruptedError || cause instanceof GiveUpError ? cause : failure;
}

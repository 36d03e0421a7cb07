/**
 * One QoS 2 message on its way to the store (MQTT 5.0 section 4.3.3). The broker may send it again, also after a
 * crash, until it hears that we have it; the keys under which its jobs are stored stay the same, so that none is
 * stored twice.
 */
export class Exchange {
  /** The broker sent this message before. */
  readonly dup: boolean;
  readonly #name: string;
  readonly #keysOf = new Map<string, number>();
  readonly #forget: (() => Promise<void>)[] = [];

  constructor(name: string, dup: boolean) {
    this.#name = name;
    this.dup = dup;
  }

  /** The key of the next job that `enqueuer` stores for this message: a flow may split a message into several jobs. */
  nextKey(enqueuer: string): string {
    const count = (this.#keysOf.get(enqueuer) ?? 0) + 1;
    this.#keysOf.set(enqueuer, count);
    return `${this.#name}-${enqueuer}-${count}`;
  }

  /** A key was stored: `forget` takes it out again when the broker will not send the message any more. */
  stored(forget: () => Promise<void>): void {
    this.#forget.push(forget);
  }

  /** The broker will not send this message again. */
  async released(): Promise<void> {
    await Promise.all(this.#forget.splice(0).map((forget) => forget()));
  }
}

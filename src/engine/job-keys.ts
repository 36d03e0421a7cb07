import type { OnceKey } from '../queue/job/new-job.ts';

/**
 * The keys under which the jobs of one QoS 2 message are stored (MQTT 5.0 section 4.3.3). The broker may send the message
 * again, also after a crash, until it hears that we have it; its keys stay the same, so that no job is stored twice.
 */
export class JobKeys {
  /** The broker sent this message before. */
  readonly #dup: boolean;
  readonly #prefix: string;
  readonly #counts = new Map<string, number>();
  readonly #forget: (() => Promise<void>)[] = [];

  /** `exchange` names the message, `subscriber` who got it: several may, and each makes jobs of its own. */
  constructor(exchange: string, subscriber: string, dup: boolean) {
    this.#prefix = `${exchange}-${subscriber}`;
    this.#dup = dup;
  }

  /**
   * The key of the next job that `enqueuer` stores for this message: a flow may split a message into several jobs. `forget`
   * takes the key out of the store again when the broker will not send the message any more.
   */
  next(enqueuer: string, forget: (key: string) => Promise<void>): OnceKey {
    const count = (this.#counts.get(enqueuer) ?? 0) + 1;
    this.#counts.set(enqueuer, count);
    const key = `${this.#prefix}-${enqueuer}-${count}`;
    this.#forget.push(() => forget(key));
    return { key, dup: this.#dup };
  }

  /** The broker will not send this message again. */
  async released(): Promise<void> {
    await Promise.all(this.#forget.splice(0).map((forget) => forget()));
  }
}

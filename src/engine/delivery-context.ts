import type { TraceContext } from '../base/tracing.ts';
import type { Attempt } from '../queue/attempt.ts';
import type { OnceKey } from '../queue/job/new-job.ts';

/** Information that a message brings to the nodes on its way. */
export interface DeliveryContext {
  /** For a message of QoS 2: the keys of its jobs. */
  jobKeys?: JobKeys | undefined;
  /** For the message of a job: its running attempt. */
  attempt?: Attempt;
  /** Parent of the next spans. */
  trace?: TraceContext | undefined;
}

/**
 * The keys of the jobs of one QoS 2 message (MQTT 5.0 section 4.3.3). Until PUBREL the broker may send the message again, even
 * after a crash. Its keys stay the same, so that no job is stored twice.
 */
export class JobKeys {
  /** The broker marked the message as sent again. */
  readonly #dup: boolean;
  readonly #prefix: string;
  readonly #counts = new Map<string, number>();
  readonly #forget: (() => Promise<void>)[] = [];

  /** `exchange` names the message, `subscriber` its receiver: each receiver of a message makes its own jobs. */
  constructor(exchange: string, subscriber: string, dup: boolean) {
    this.#prefix = `${exchange}-${subscriber}`;
    this.#dup = dup;
  }

  /**
   * Returns the key of the next job of `enqueuer`; a flow may split a message into several jobs. `forget` removes the key
   * from the store, and is called at `released`.
   */
  next(enqueuer: string, forget: (key: string) => Promise<void>): OnceKey {
    const count = (this.#counts.get(enqueuer) ?? 0) + 1;
    this.#counts.set(enqueuer, count);
    const key = `${this.#prefix}-${enqueuer}-${count}`;
    this.#forget.push(() => forget(key));
    return { key, dup: this.#dup };
  }

  /** Removes the keys: the broker will not send this message again. */
  async released(): Promise<void> {
    await Promise.all(this.#forget.splice(0).map((forget) => forget()));
  }
}

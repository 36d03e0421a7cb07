import { NO_SESSION, type Answer, type Notification, type Query } from '../messages.ts';
import type { Postgres } from './pglite.ts';
import type { Outcome } from './read-messages.ts';

interface BatchesOptions {
  postgres: Postgres;
  reply: (answers: Answer[], notifications: Notification[]) => void;
  /** Runs between two batches while no transaction is open, with the number of queries since the last time. */
  between: (queries: number) => Promise<void>;
}

/** A batch runs at least this long and at most that long, in milliseconds; see `#batchTime`. */
const SHORTEST = 5;
const LONGEST = 50;

/**
 * Runs queries one after the other, in batches: those that came meanwhile run together and share one fsync. No answer
 * leaves before that, so what is confirmed is durable.
 */
export class Batches {
  readonly #options: BatchesOptions;
  readonly #waiting: Query[] = [];
  /** The session that has a transaction open: the others wait. */
  #holder = NO_SESSION;
  #batchTime = SHORTEST;
  #queries = 0;
  #running: Promise<void> | undefined;

  constructor(options: BatchesOptions) {
    this.#options = options;
  }

  add(query: Query): void {
    this.#waiting.push(query);
    this.#running ??= this.#runAll().finally(() => (this.#running = undefined));
  }

  /** Rolls back what the session of a client left open. */
  endSession(session: number): void {
    this.add({ do: 'query', id: 0, session, text: 'ROLLBACK' });
  }

  /** Resolves when every query was answered. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #runAll(): Promise<void> {
    // What else has arrived is in the event loop's queue.
    await new Promise(setImmediate);
    while (this.#waiting.some(this.#isNext)) {
      await this.#runBatch();
      await this.#rest();
      await new Promise(setImmediate);
    }
  }

  async #runBatch(): Promise<void> {
    const answers: Answer[] = [];
    const notifications: Notification[] = [];
    const began = performance.now();
    for (let query = this.#take(); query; query = this.#takeAnother(began)) {
      const { results, error, ...rest } = await this.#run(query);
      answers.push(error ? { id: query.id, error } : { id: query.id, results });
      notifications.push(...rest.notifications);
    }
    const ran = performance.now();
    await this.#options.postgres.flush();
    // The slower the disk, the more queries share an fsync; half of the time may go to it.
    this.#batchTime = Math.min(LONGEST, Math.max(SHORTEST, performance.now() - ran));
    this.#queries += answers.length;
    this.#options.reply(answers, notifications);
  }

  async #rest(): Promise<void> {
    // A VACUUM, for one, would break a client's transaction.
    if (this.#holder !== NO_SESSION) return;
    await this.#options.between(this.#queries);
    this.#queries = 0;
  }

  async #run({ text, values, session }: Query): Promise<Outcome> {
    const { postgres } = this.#options;
    const outcome = await postgres.run(text, values);
    this.#holder = outcome.isInTransaction ? session : NO_SESSION;
    if (!outcome.isInTransaction || session !== NO_SESSION) return outcome;
    await postgres.run('ROLLBACK');
    return { ...outcome, error: { message: 'a transaction needs a client of its own: call connect()' } };
  }

  readonly #isNext = ({ session }: Query) => this.#holder === NO_SESSION || session === this.#holder;

  #take(): Query | undefined {
    const index = this.#waiting.findIndex(this.#isNext);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /**
   * A client's query may open a transaction and fail in it, and then nothing can be flushed: so it comes first in its
   * batch, with no commits of others before it.
   */
  #takeAnother(began: number): Query | undefined {
    if (performance.now() - began >= this.#batchTime) return undefined;
    const next = this.#waiting.find(this.#isNext);
    const mayOpen = this.#holder === NO_SESSION && next?.session !== NO_SESSION;
    return mayOpen ? undefined : this.#take();
  }
}

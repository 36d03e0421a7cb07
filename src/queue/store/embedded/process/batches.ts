import { NO_SESSION, type Answer, type Notification, type Query } from '../database-messages.ts';
import type { Postgres } from './pglite.ts';
import type { Outcome } from './read-messages.ts';

interface BatchesOptions {
  postgres: Postgres;
  reply: (answers: Answer[], notifications: Notification[]) => void;
  /** Called between batches while no transaction is open, with the number of queries since the last call. */
  between: (queries: number) => Promise<void>;
}

/** Minimum and maximum of `#batchTime`, in milliseconds. */
const SHORTEST = 5;
const LONGEST = 50;

/**
 * Runs queries in batches: queries that arrived during a batch form the next one and share one fsync. Answers are sent
 * after the fsync, so confirmed changes are durable.
 */
export class Batches {
  readonly #options: BatchesOptions;
  readonly #waiting: Query[] = [];
  /** The session with an open transaction; other sessions wait. */
  #transactionOf = NO_SESSION;
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

  /** Rolls back the session's open transaction. */
  endSession(session: number): void {
    this.add({ do: 'query', id: 0, session, text: 'ROLLBACK' });
  }

  /** Resolves when every query was answered. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #runAll(): Promise<void> {
    // Let messages that have arrived be received first.
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
    // Run queries as long as the last fsync took: on a slow disk, more queries share an fsync.
    this.#batchTime = Math.min(LONGEST, Math.max(SHORTEST, performance.now() - ran));
    this.#queries += answers.length;
    this.#options.reply(answers, notifications);
  }

  async #rest(): Promise<void> {
    // Upkeep such as VACUUM would break an open transaction.
    if (this.#transactionOf !== NO_SESSION) return;
    await this.#options.between(this.#queries);
    this.#queries = 0;
  }

  async #run({ text, values, session }: Query): Promise<Outcome> {
    const { postgres } = this.#options;
    const outcome = await postgres.run(text, values);
    this.#transactionOf = outcome.isInTransaction ? session : NO_SESSION;
    if (!outcome.isInTransaction || session !== NO_SESSION) return outcome;
    await postgres.run('ROLLBACK');
    return { ...outcome, error: { message: 'a transaction needs its own client: call connect()' } };
  }

  readonly #isNext = ({ session }: Query) =>
    this.#transactionOf === NO_SESSION || session === this.#transactionOf;

  #take(): Query | undefined {
    const index = this.#waiting.findIndex(this.#isNext);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /**
   * Returns the next query of the batch. A query that may open a transaction starts a new batch: if it failed in the
   * transaction, the commits before it could not be flushed.
   */
  #takeAnother(began: number): Query | undefined {
    if (performance.now() - began >= this.#batchTime) return undefined;
    const next = this.#waiting.find(this.#isNext);
    const mayOpen = this.#transactionOf === NO_SESSION && next?.session !== NO_SESSION;
    return mayOpen ? undefined : this.#take();
  }
}

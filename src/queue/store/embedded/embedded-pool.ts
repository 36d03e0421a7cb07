import { EventEmitter } from 'node:events';
import type { PgPool, PgQueryResult } from 'bullmq';
import type { Database } from './database.ts';
import { EmbeddedClient } from './embedded-client.ts';
import { NO_SESSION, type Notification } from './messages.ts';
import type { RunningJobs } from './running-jobs.ts';
import { toResult } from './to-result.ts';
import { toTexts } from './to-text.ts';

/** One user's view of an open database, in the shape of a `pg.Pool`. */
export class EmbeddedPool extends EventEmitter implements PgPool {
  /** BullMQ looks here whether a lost connection is noticed, and then lets idle workers rest longer. */
  readonly options = { keepAlive: true };
  readonly #database: Database;
  readonly #onClose: () => Promise<void>;
  readonly #clients = new Set<EmbeddedClient>();
  #closed: Promise<void> | undefined;

  constructor(database: Database, onClose: () => Promise<void>) {
    super();
    // Each connection of BullMQ adds one and removes none.
    this.setMaxListeners(0);
    this.#database = database;
    this.#onClose = onClose;
  }

  /** The jobs that this process runs, shared by all users of the database. */
  get running(): RunningJobs {
    return this.#database.running;
  }

  /**
   * Resolves when what it did is on the disk. Rejects with DatabaseError, or with StoreUnavailableError while the
   * database is closed; a query that was under way when it stopped may have been done.
   */
  // Of the same type as BullMQ's, where rows are what the caller says.
  // oxlint-disable-next-line typescript/no-explicit-any
  async query<R = any>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<R>> {
    this.#mustBeOpen();
    return toResult(await this.#database.query(NO_SESSION, text, toTexts(params)));
  }

  async connect(): Promise<EmbeddedClient> {
    this.#mustBeOpen();
    const client = new EmbeddedClient(this.#database, () => this.#clients.delete(client));
    this.#clients.add(client);
    return client;
  }

  /** Gives the database back; the last user's `close` closes it, in bounded time. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  end(): Promise<void> {
    return this.close();
  }

  notify(notification: Notification): void {
    for (const client of this.#clients) client.notify(notification);
  }

  lose(error: Error): void {
    // Without a listener, an 'error' would end the process.
    if (this.listenerCount('error') > 0) this.emit('error', error);
    const clients = [...this.#clients];
    this.#clients.clear();
    for (const client of clients) client.lose(error);
  }

  async #close(): Promise<void> {
    for (const client of this.#clients) client.release();
    await this.#onClose();
  }

  #mustBeOpen(): void {
    // BullMQ knows these words of node-postgres: a late query of a closed queue is no error.
    if (this.#closed) throw new Error('Cannot use a pool after calling end on the pool');
  }
}

import { EventEmitter } from 'node:events';
import type { PgPool, PgQueryResult } from 'bullmq';
import type { Database } from './database.ts';
import { EmbeddedClient } from './embedded-client.ts';
import { NO_SESSION, type Notification } from './database-messages.ts';
import type { RunningJobs } from './running-jobs.ts';
import { toResult } from './to-result.ts';
import { toTexts } from './to-text.ts';

/** One user's access to a shared database, with the interface of a `pg.Pool`. */
export class EmbeddedPool extends EventEmitter implements PgPool {
  /** Tells BullMQ that lost connections are detected, so that it polls less often when idle. */
  readonly options = { keepAlive: true };
  readonly #database: Database;
  readonly #onClose: () => Promise<void>;
  readonly #clients = new Set<EmbeddedClient>();
  #closed: Promise<void> | undefined;

  constructor(database: Database, onClose: () => Promise<void>) {
    super();
    // Every BullMQ connection adds a listener and never removes it.
    this.setMaxListeners(0);
    this.#database = database;
    this.#onClose = onClose;
  }

  /** The jobs that this process runs, shared by all users of the database. */
  get running(): RunningJobs {
    return this.#database.running;
  }

  /**
   * Resolves when the changes are on disk. Rejects with DatabaseError, or with StoreUnavailableError while the database
   * is closed. A query that was pending when the database stopped may have been executed.
   */
  // Same type as BullMQ's: the caller sets the type of the rows.
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

  /** Stops using the database; the last user's `close` closes it, within a bounded time. */
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
    // An 'error' event without a listener would end the process.
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
    // BullMQ recognizes this message of node-postgres, and ignores late queries of a closed queue.
    if (this.#closed) throw new Error('Cannot use a pool after calling end on the pool');
  }
}

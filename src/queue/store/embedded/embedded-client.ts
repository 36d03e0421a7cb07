import { EventEmitter } from 'node:events';
import type { PgPoolClient, PgQueryResult } from 'bullmq';
import type { Database } from './database.ts';
import type { Notification } from './database-messages.ts';
import { toResult } from './to-result.ts';
import { toTexts } from './to-text.ts';

/** `LISTEN name` or `UNLISTEN name`, optionally after comments. */
const LISTEN = /^(?:\s|--.*)*(UN)?LISTEN\s+(\*|"[^"]+"|\w+)\s*;?\s*$/i;

/**
 * A client with its own transactions and LISTEN, like the clients of a `pg.Pool`. All clients share one PostgreSQL
 * session, which keeps listening; each client only receives the notifications of its own channels.
 */
export class EmbeddedClient extends EventEmitter implements PgPoolClient {
  readonly #database: Database;
  readonly #session: number;
  readonly #onRelease: () => void;
  readonly #channels = new Set<string>();
  #isOpen = true;

  constructor(database: Database, onRelease: () => void) {
    super();
    this.#database = database;
    this.#session = database.newSession();
    this.#onRelease = onRelease;
  }

  // Same type as BullMQ's: the caller sets the type of the rows.
  // oxlint-disable-next-line typescript/no-explicit-any
  async query<R = any>(text: string, params?: readonly unknown[]): Promise<PgQueryResult<R>> {
    if (!this.#isOpen) throw new Error('Client was closed and is not queryable');
    const [, isEnd, channel] = LISTEN.exec(text) ?? [];
    if (channel !== undefined && isEnd) return this.#unlisten(channel);
    const results = await this.#database.query(this.#session, text, toTexts(params));
    if (channel !== undefined) this.#channels.add(nameOf(channel));
    return toResult(results);
  }

  release(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#database.endSession(this.#session);
    this.#onRelease();
  }

  /** Emits the notification if this client listens to its channel. */
  notify(notification: Notification): void {
    if (this.#channels.has(notification.channel)) this.emit('notification', notification);
  }

  /** The session is lost, with its LISTENs. */
  lose(error: Error): void {
    this.#isOpen = false;
    // An 'error' event without a listener would end the process.
    if (this.listenerCount('error') > 0) this.emit('error', error);
    this.emit('end');
  }

  #unlisten<R>(channel: string): PgQueryResult<R> {
    if (channel === '*') this.#channels.clear();
    else this.#channels.delete(nameOf(channel));
    return { rows: [], rowCount: null };
  }
}

/** Unquoted names are lower case (PostgreSQL, "Identifiers and Key Words"). */
function nameOf(channel: string): string {
  return channel.startsWith('"') ? channel.slice(1, -1) : channel.toLowerCase();
}

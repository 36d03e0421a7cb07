import { EventEmitter } from 'node:events';
import type { PgPoolClient, PgQueryResult } from 'bullmq';
import type { Database } from './database.ts';
import type { Notification } from './messages.ts';
import { toResult } from './to-result.ts';
import { toTexts } from './to-text.ts';

/** `LISTEN name` or `UNLISTEN name`, perhaps after comments. */
const LISTEN = /^(?:\s|--.*)*(UN)?LISTEN\s+(\*|"[^"]+"|\w+)\s*;?\s*$/i;

/**
 * A client with transactions and LISTEN of its own, as those of a `pg.Pool`. All share one session of PostgreSQL, which
 * goes on listening; what a client has not asked for, it does not hear.
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

  // Of the same type as BullMQ's, where rows are what the caller says.
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

  /** A notification came for anybody. */
  notify(notification: Notification): void {
    if (this.#channels.has(notification.channel)) this.emit('notification', notification);
  }

  /** The session is gone, and with it what it listened to. */
  lose(error: Error): void {
    this.#isOpen = false;
    // Without a listener, an 'error' would end the process.
    if (this.listenerCount('error') > 0) this.emit('error', error);
    this.emit('end');
  }

  #unlisten<R>(channel: string): PgQueryResult<R> {
    if (channel === '*') this.#channels.clear();
    else this.#channels.delete(nameOf(channel));
    return { rows: [], rowCount: null };
  }
}

/** Names without quotes are lower case (PostgreSQL, "Identifiers and Key Words"). */
function nameOf(channel: string): string {
  return channel.startsWith('"') ? channel.slice(1, -1) : channel.toLowerCase();
}

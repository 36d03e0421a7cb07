import { setTimeout as sleep } from 'node:timers/promises';
import type { PgPoolClient } from 'bullmq';
import { StoreUnavailableError } from '../../../base/errors.ts';
import { growingDelay } from '../../../base/growing-delay.ts';
import { prepareSchema } from '../sql/prepare-schema.ts';
import { startDatabaseProcess, type DatabaseProcess } from './database-process.ts';
import type { Notification, ResultSet } from './database-messages.ts';
import { RunningJobs } from './running-jobs.ts';
import { addSavedJobs } from './saved-jobs.ts';
import { toResult } from './to-result.ts';
import { toTexts } from './to-text.ts';

export interface DatabaseListeners {
  onNotification: (notification: Notification) => void;
  onWarning: (text: string) => void;
  /** The database stopped unexpectedly: its sessions are lost, and it is being reopened. */
  onLost: (error: Error) => void;
}

/** Milliseconds after which a database counts as stable: the delays of reopening start over. */
const LONG_LIFE = 60_000;

/** Schema of BullMQ's tables. */
export const SCHEMA = 'bullmq';

/**
 * Releases the jobs of a killed process, so that they run again at the next check, and resets the time of the last
 * check. On a machine without a clock battery, the time may have gone back: then locks, checks and rate limits would
 * end in the future.
 */
const RELEASE_LOCKS = `
  DELETE FROM rate_limit WHERE queue IN (
    SELECT queue FROM meta
    WHERE field = 'stalled-check' AND value::bigint > extract(epoch FROM clock_timestamp()) * 1000);
  UPDATE job SET locked_until_ms = 0, stalled_marked = true WHERE state = 'active';
  DELETE FROM meta WHERE field = 'stalled-check'`;

/** The database of one directory. Reopens it, after a growing delay, if its process ends unexpectedly. */
export class Database {
  readonly running = new RunningJobs();
  readonly #directory: string;
  readonly #listeners: DatabaseListeners;
  readonly #closing = new AbortController();
  #process: DatabaseProcess | undefined;
  #closedReason = 'it was not opened';
  #reopening: Promise<void> | undefined;
  #reopenings = 0;
  #openedAt = 0;
  #lastSession = 0;

  constructor(directory: string, listeners: DatabaseListeners) {
    this.#directory = directory;
    this.#listeners = listeners;
  }

  /** ID of its process; undefined while it is not open. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Opens the directory and creates BullMQ's tables. Rejects like `startDatabaseProcess`, after closing everything. */
  async open(): Promise<void> {
    const { onNotification, onWarning } = this.#listeners;
    const onEnd = (reason: string) => {
      if (this.#process === started) this.#lose(reason);
    };
    const listeners = { onNotification, onWarning, onEnd };
    const started = await startDatabaseProcess(this.#directory, listeners, this.#closing.signal);
    try {
      await this.#prepare(started);
    } catch (error) {
      await started.close();
      throw error;
    }
    this.#process = started;
    this.#openedAt = Date.now();
  }

  /** Returns a new session number for the queries of a client. */
  newSession(): number {
    return ++this.#lastSession;
  }

  async query(session: number, text: string, values?: (string | null)[]): Promise<ResultSet[]> {
    if (!this.#process) throw new StoreUnavailableError(`${this.#name()} is closed: ${this.#closedReason}`);
    return this.#process.query(session, text, values);
  }

  /** Rolls back the session's open transaction. */
  endSession(session: number): void {
    this.#process?.endSession(session);
  }

  /** Answers pending queries and closes the database, within a bounded time. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#reopening;
    const open = this.#process;
    this.#process = undefined;
    this.#closedReason = 'it is not in use';
    await open?.close();
  }

  async #prepare(started: DatabaseProcess): Promise<void> {
    const session = this.newSession();
    const client: Pick<PgPoolClient, 'query'> = {
      query: async (text, params) => toResult(await started.query(session, text, toTexts(params))),
    };
    await prepareSchema(client, SCHEMA);
    await addSavedJobs(this.#directory, client, this.#listeners.onWarning);
    // At the first time, none of the active jobs is still running.
    if (this.#openedAt === 0) await client.query(RELEASE_LOCKS);
  }

  #lose(reason: string): void {
    this.#process = undefined;
    this.#closedReason = reason;
    if (Date.now() - this.#openedAt > LONG_LIFE) this.#reopenings = 0;
    this.#reopening = this.#reopen();
    this.#listeners.onLost(new StoreUnavailableError(`${this.#name()} stopped: ${reason}`));
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#closing;
    while (!this.#process && !signal.aborted) {
      await sleep(growingDelay(++this.#reopenings), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.open().catch((error: Error) => (this.#closedReason = error.message));
    }
  }

  #name(): string {
    return `the embedded store in ${this.#directory}`;
  }
}

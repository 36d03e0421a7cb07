import { setTimeout as sleep } from 'node:timers/promises';
import type { PgPoolClient } from 'bullmq';
import { StoreUnavailableError } from '../../../errors.ts';
import { growingDelay } from '../growing-delay.ts';
import { prepareSchema } from '../sql/prepare-schema.ts';
import { startDatabaseProcess, type DatabaseProcess } from './database-process.ts';
import type { Notification, ResultSet } from './messages.ts';
import { RunningJobs } from './running-jobs.ts';
import { toResult } from './to-result.ts';
import { toTexts } from './to-text.ts';

export interface DatabaseListeners {
  onNotification: (notification: Notification) => void;
  onWarning: (text: string) => void;
  /** The database stopped by itself; its sessions are gone, and it is being opened again. */
  onLost: (error: Error) => void;
}

/** Milliseconds: a database that stopped after this long starts anew with the first delay. */
const LONG_LIFE = 60_000;

/** The schema that BullMQ's tables are in. */
export const SCHEMA = 'bullmq';

/**
 * Jobs that a killed process had taken run again at the next look for such jobs, whatever the time is: the clock of a
 * machine without a battery may have gone back. Then the last look lies in the future, and rate limits end there, too.
 */
const FORGET_CLAIMS = `
  DELETE FROM rate_limit WHERE queue IN (
    SELECT queue FROM meta
    WHERE field = 'stalled-check' AND value::bigint > extract(epoch FROM clock_timestamp()) * 1000);
  UPDATE job SET locked_until_ms = 0, stalled_marked = true WHERE state = 'active';
  DELETE FROM meta WHERE field = 'stalled-check'`;

/** The database of one directory: if its process ends by itself, it is opened again, after a growing delay. */
export class Database {
  readonly running = new RunningJobs();
  readonly #directory: string;
  readonly #listeners: DatabaseListeners;
  readonly #closing = new AbortController();
  #process: DatabaseProcess | undefined;
  #trouble = 'it was not opened';
  #reopening: Promise<void> | undefined;
  #reopenings = 0;
  #openedAt = 0;
  #lastSession = 0;

  constructor(directory: string, listeners: DatabaseListeners) {
    this.#directory = directory;
    this.#listeners = listeners;
  }

  /** Opens the directory and makes BullMQ's tables. Rejects as `startDatabaseProcess` does; then nothing is open. */
  async open(): Promise<void> {
    const { onNotification, onWarning } = this.#listeners;
    const onEnd = (reason: string) => {
      if (this.#process === started) this.#lose(reason);
    };
    const listeners = { onNotification, onWarning, onEnd };
    const started = await startDatabaseProcess(this.#directory, listeners, this.#closing.signal);
    try {
      await prepare(started, this.newSession(), this.#openedAt === 0);
    } catch (error) {
      await started.close();
      throw error;
    }
    this.#process = started;
    this.#openedAt = Date.now();
  }

  /** A number for the queries of one client. */
  newSession(): number {
    return ++this.#lastSession;
  }

  async query(session: number, text: string, values?: (string | null)[]): Promise<ResultSet[]> {
    if (!this.#process) throw new StoreUnavailableError(`${this.#name()} is closed: ${this.#trouble}`);
    return this.#process.query(session, text, values);
  }

  /** Rolls back what a session left open. */
  endSession(session: number): void {
    this.#process?.endSession(session);
  }

  /** Answers what was asked, then closes, in bounded time. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#reopening;
    const open = this.#process;
    this.#process = undefined;
    this.#trouble = 'it is not in use';
    await open?.close();
  }

  #lose(reason: string): void {
    this.#process = undefined;
    this.#trouble = reason;
    if (Date.now() - this.#openedAt > LONG_LIFE) this.#reopenings = 0;
    this.#reopening = this.#reopen();
    this.#listeners.onLost(new StoreUnavailableError(`${this.#name()} stopped: ${reason}`));
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#closing;
    while (!this.#process && !signal.aborted) {
      await sleep(growingDelay(++this.#reopenings), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.open().catch((error: Error) => (this.#trouble = error.message));
    }
  }

  #name(): string {
    return `the embedded store in ${this.#directory}`;
  }
}

/** `isFirst`: nobody has opened the database since this process began, so that no job that was taken is still run. */
async function prepare(started: DatabaseProcess, session: number, isFirst: boolean): Promise<void> {
  const client: Pick<PgPoolClient, 'query'> = {
    query: async (text, params) => toResult(await started.query(session, text, toTexts(params))),
  };
  await prepareSchema(client, SCHEMA);
  if (isFirst) await client.query(FORGET_CLAIMS);
}

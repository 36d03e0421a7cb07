import type { Telemetry } from 'bullmq';
import { GiveUpError } from '../../base/errors.ts';
import type { Connection, StoreKind } from '../../base/model.ts';
import { backoffSettings } from '../job/backoff.ts';
import { closingController } from '../../base/closing-controller.ts';
import type {
  Driver,
  DriverContext,
  Process,
  RestAfter,
  StoreEvents,
  StoreQueue,
  StoreWorker,
  Timing,
  Transfer,
  ErrorKind,
  WorkOptions,
} from './driver.ts';
import { openEmbedded } from './embedded/embedded-store.ts';
import { waitToRetry } from '../../base/growing-delay.ts';
import { resolveStoreOptions, type StoreOptions } from './store-options.ts';
import { orInterrupted } from '../../base/or-interrupted.ts';
import { openPostgres } from './postgres/postgres-store.ts';
import { MinuteLog } from '../history/minute-log.ts';
import type { QueueAccess } from './queue-access.ts';
import { openRedis } from './redis/redis-store.ts';
import { reportChanges } from '../../base/report-changes.ts';
import { sharedFor } from '../../base/shared-for.ts';
import { settledWithin } from '../../base/settled-within.ts';
import { errorText } from './error-text.ts';
import { workerName, type WorkerIdentity } from './worker-name.ts';

export interface StoreListeners {
  /** Called once per change, not for every attempt. */
  onConnection?(connection: Connection): void;
  /** Called for problems that don't stop the store, for instance that Redis may evict keys. */
  onWarning?(text: string): void;
  /** Default: the jobs of a killed worker run again within 40 s, on the embedded store within 30 s. */
  timing?: Timing;
  /** Milliseconds for which the counts of a queue are reused. Default: 1000 */
  countsFor?: number;
  /** Traces the attempts of jobs. */
  telemetry?: Telemetry | undefined;
}

const COUNTS_FOR = 1000;

/** Options of a new worker. */
type NewWorkerOptions = Pick<WorkOptions, 'concurrency' | 'keep' | 'limiter'> &
  Pick<WorkerIdentity, 'isCommand'>;

/** An open store. Calls wait until the store is available, and reject with InterruptedError at `close`. */
export interface Store {
  readonly kind: StoreKind;
  connection(): Connection;
  /** Returns the queue with this name, always the same object. */
  queue(name: string): Promise<StoreQueue>;
  /** Creates a worker, which does not run yet. */
  worker(name: string, process: Process, options: NewWorkerOptions): Promise<StoreWorker>;
  events(name: string, restAfter?: RestAfter): Promise<StoreEvents>;
  /** Closes what `events` opened, within a few seconds. */
  closeEvents(events: StoreEvents): Promise<void>;
  /** Returns reads and bulk changes of the queue with this name. */
  access(name: string): Promise<QueueAccess>;
  /** Returns the names of a queue's running workers: of all processes, on the embedded store of this process. */
  workers(name: string): Promise<string[]>;
  /** Returns the log of what happens to the queue's jobs in this process, always the same object. */
  minuteLog(name: string): MinuteLog;
  /** @throws GiveUpError on Redis */
  transfer(): Promise<Transfer>;
  classifyError(error: unknown): ErrorKind;
  warn(text: string): void;
  /** Closes everything that the store opened within a few seconds. Close producers and workers first. */
  close(): Promise<void>;
}

/** How often a job's process may end before the job counts as the cause and becomes a dead letter. */
const MOST_STALLS = 5;
const CLOSE_TIME = 2000;
/** Time for the last writes of the history. */
const LAST_WRITE_TIME = 2000;
/** Time for the embedded database to answer pending queries and write a checkpoint. */
const DRIVER_CLOSE_TIME = 6000;

/**
 * Opens a store, which connects in the background and retries indefinitely.
 *
 * @throws OptionsError if an option is invalid
 */
export function openStore(options: StoreOptions, listeners: StoreListeners = {}): Store {
  return new OpenStore(resolveStoreOptions(options), listeners);
}

type ResolvedOptions = ReturnType<typeof resolveStoreOptions>;

function openDriver(options: ResolvedOptions, context: DriverContext): Driver {
  switch (options.store) {
    case 'embedded':
      return openEmbedded(options, context);
    case 'redis':
      return openRedis(options, context);
    case 'postgres':
    default:
      return openPostgres(options, context);
  }
}

interface Opened {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

class OpenStore implements Store {
  readonly kind: StoreKind;
  readonly connection: () => Connection;
  readonly #listeners: StoreListeners;
  readonly #driver: Driver;
  readonly #report: (connection: Connection) => void;
  readonly #closing = closingController();
  readonly #queues = new Map<string, Promise<StoreQueue>>();
  readonly #accesses = new Map<StoreQueue, QueueAccess>();
  readonly #opened = new Set<Opened>();
  readonly #workers = new Set<StoreWorker>();
  readonly #minuteLogs = new Map<string, MinuteLog>();
  #isClosing = false;
  #warned = '';

  constructor(options: ResolvedOptions, listeners: StoreListeners) {
    const { report, connection } = reportChanges((change) => listeners.onConnection?.(change));
    this.kind = options.store;
    this.connection = connection;
    this.#listeners = listeners;
    this.#report = report;
    const { telemetry } = listeners;
    const warn = (text: string) => this.warn(text);
    const context = { report, warn, closing: this.#closing.signal, bull: telemetry ? { telemetry } : {} };
    this.#driver = openDriver(options, context);
    this.#driver.ready().catch((error) => this.#onError(error));
  }

  queue(name: string): Promise<StoreQueue> {
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = this.#open(() => this.#driver.queue(name));
      this.#queues.set(name, queue);
    }
    return queue;
  }

  async worker(
    name: string,
    process: Process,
    { isCommand, ...options }: NewWorkerOptions,
  ): Promise<StoreWorker> {
    const timing = this.#listeners.timing ?? this.#driver.timing;
    const settings = {
      ...options,
      ...timing,
      name: workerName({ concurrency: options.concurrency ?? 1, isCommand }),
      autorun: false,
      maxStalledCount: MOST_STALLS,
      runRetryDelay: 1000,
      settings: backoffSettings,
    };
    await this.#trim(name, options.keep);
    const worker = await this.#open(() => this.#driver.worker(name, process, settings));
    this.#workers.add(worker);
    worker.on('closed', () => {
      this.#workers.delete(worker);
      this.#opened.delete(worker);
    });
    return worker;
  }

  async #trim(name: string, keep: WorkOptions['keep']): Promise<void> {
    if (!this.#driver.trim) return;
    const trimmed = this.#driver.trim(await this.queue(name), keep);
    await orInterrupted(trimmed, this.#closing.signal).catch((error: unknown) => {
      // The worker tries it, too.
      if (this.#closing.signal.aborted) throw error;
      this.#onError(error);
    });
  }

  events(name: string, restAfter: RestAfter = () => 0): Promise<StoreEvents> {
    return this.#open(() => this.#driver.events(name, restAfter));
  }

  async closeEvents(events: StoreEvents): Promise<void> {
    this.#opened.delete(events);
    await settledWithin(CLOSE_TIME, events.close());
  }

  async access(name: string): Promise<QueueAccess> {
    const queue = await this.queue(name);
    const known = this.#accesses.get(queue);
    if (known) return known;
    const access = this.#driver.access(queue);
    const { countsFor = COUNTS_FOR } = this.#listeners;
    const shared = { ...access, counts: sharedFor(countsFor, (most: number) => access.counts(most)) };
    this.#accesses.set(queue, shared);
    return shared;
  }

  async workers(name: string): Promise<string[]> {
    const ofAll = await this.#driver.workers?.(await this.queue(name));
    if (ofAll) return ofAll;
    return [...this.#workers].filter((worker) => worker.name === name).map(({ opts }) => opts.name ?? '');
  }

  minuteLog(name: string): MinuteLog {
    const known = this.#minuteLogs.get(name);
    if (known) return known;
    const log = new MinuteLog(async (counts) => (await this.access(name)).addMinute(counts));
    this.#minuteLogs.set(name, log);
    return log;
  }

  async transfer(): Promise<Transfer> {
    const { transfer } = this.#driver;
    if (!transfer) throw new GiveUpError('Redis cannot export or import jobs: copy the file that it writes');
    await orInterrupted(this.#driver.ready(), this.#closing.signal);
    return transfer;
  }

  classifyError(error: unknown): ErrorKind {
    return this.#driver.classifyError(error);
  }

  warn(text: string): void {
    if (text === this.#warned) return;
    this.#warned = text;
    this.#listeners.onWarning?.(text);
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    await this.#closeLogs();
    this.#closing.abort();
    await Promise.all([...this.#opened].map((opened) => settledWithin(CLOSE_TIME, opened.close(true))));
    await settledWithin(DRIVER_CLOSE_TIME, this.#driver.close());
    this.#report({ state: 'closed' });
  }

  async #closeLogs(): Promise<void> {
    const logs = [...this.#minuteLogs.values()];
    for (const log of logs) log.close();
    if (this.connection().state !== 'connected') return;
    await settledWithin(LAST_WRITE_TIME, Promise.all(logs.map((log) => log.flush())));
  }

  /** Retries with a new object: a BullMQ object that failed to become ready never recovers. */
  async #open<T extends Opened>(make: () => T): Promise<T> {
    const closing = this.#closing.signal;
    for (let attempt = 1; ; attempt++) {
      await orInterrupted(this.#driver.ready(), closing);
      const made = make();
      this.#opened.add(made);
      made.on('error', (error) => this.#onError(error));
      try {
        await orInterrupted(made.waitUntilReady(), closing);
        return made;
      } catch (error) {
        if (closing.aborted) throw error;
        this.#onError(error);
        this.#opened.delete(made);
        await settledWithin(CLOSE_TIME, made.close(true));
        await waitToRetry(attempt, closing);
      }
    }
  }

  /** Ignores that the store is unavailable: `onConnection` reports it. */
  #onError(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    if (this.classifyError(error) !== 'away' || this.#driver.isRefusal?.(error)) this.warn(errorText(error));
  }
}

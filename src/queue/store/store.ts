import type { Connection, StoreKind } from '../../model.ts';
import { backoffSettings } from '../job/backoff.ts';
import { closingController } from './closing-controller.ts';
import type {
  Driver,
  DriverContext,
  Process,
  StoreEvents,
  StoreQueue,
  StoreWorker,
  Timing,
  ErrorKind,
  WorkOptions,
} from './driver.ts';
import { openEmbedded } from './embedded/embedded-store.ts';
import { waitToRetry } from './growing-delay.ts';
import { resolveStoreOptions, type StoreOptions } from './store-options.ts';
import { orInterrupted } from './or-interrupted.ts';
import { openPostgres } from './postgres/postgres-store.ts';
import type { QueueAccess } from './queue-access.ts';
import { openRedis } from './redis/redis-store.ts';
import { reportChanges } from '../../report-changes.ts';
import { sharedFor } from '../../shared-for.ts';
import { settledWithin } from '../../settled-within.ts';
import { errorText } from './error-text.ts';
import { workerName } from './worker-name.ts';

export interface StoreListeners {
  /** Each change once, not each try. */
  onConnection?(connection: Connection): void;
  /** What needs attention but stops nothing, for instance that Redis may throw keys away. */
  onWarning?(text: string): void;
  /** Default: a killed worker's jobs run again within 40 s, on the embedded store within 30 s. */
  timing?: Timing;
  /** Milliseconds for which all who count the jobs of a queue get the same counts. Default: 1000 */
  countsFor?: number;
}

const COUNTS_FOR = 1000;

/** An open store. What needs an answer of it waits until there is one, or rejects with InterruptedError at `close`. */
export interface Store {
  readonly kind: StoreKind;
  connection(): Connection;
  /** The queue of this name, always the same object. */
  queue(name: string): Promise<StoreQueue>;
  /** A worker that does not run yet. */
  worker(
    name: string,
    process: Process,
    options: Pick<WorkOptions, 'concurrency' | 'keep' | 'limiter'>,
  ): Promise<StoreWorker>;
  events(name: string): Promise<StoreEvents>;
  /** Reads and bulk changes of the queue of this name. */
  access(name: string): Promise<QueueAccess>;
  /** Names of a queue's workers: of all processes, on the embedded store of this one. A killed one is gone. */
  workers(name: string): Promise<string[]>;
  classifyError(error: unknown): ErrorKind;
  warn(text: string): void;
  /** Closes everything that the store opened, in a few seconds; producers and workers close before it. */
  close(): Promise<void>;
}

/** How often a job may lose its process before it counts as the reason and becomes a dead letter. */
const MOST_STALLS = 5;
const CLOSE_TIME = 2000;
/** The embedded database gives its last answers and writes a checkpoint. */
const DRIVER_CLOSE_TIME = 6000;

/**
 * Opens a store, which connects in the background and for as long as it takes.
 *
 * @throws OptionsError when an option is wrong
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
  #warned = '';

  constructor(options: ResolvedOptions, listeners: StoreListeners) {
    const { report, connection } = reportChanges((change) => listeners.onConnection?.(change));
    this.kind = options.store;
    this.connection = connection;
    this.#listeners = listeners;
    this.#report = report;
    const context = { report, warn: (text: string) => this.warn(text), closing: this.#closing.signal };
    this.#driver = openDriver(options, context);
    this.#driver.ready().catch((error) => this.#hear(error));
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
    options: Pick<WorkOptions, 'concurrency' | 'keep' | 'limiter'>,
  ): Promise<StoreWorker> {
    const timing = this.#listeners.timing ?? this.#driver.timing;
    const settings = {
      ...options,
      ...timing,
      name: workerName(options.concurrency ?? 1),
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
      this.#hear(error);
    });
  }

  events(name: string): Promise<StoreEvents> {
    return this.#open(() => this.#driver.events(name));
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

  classifyError(error: unknown): ErrorKind {
    return this.#driver.classifyError(error);
  }

  warn(text: string): void {
    if (text === this.#warned) return;
    this.#warned = text;
    this.#listeners.onWarning?.(text);
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await Promise.all([...this.#opened].map((opened) => settledWithin(CLOSE_TIME, opened.close(true))));
    await settledWithin(DRIVER_CLOSE_TIME, this.#driver.close());
    this.#report({ state: 'closed' });
  }

  /** An object of BullMQ that could not make itself ready never does: it is replaced. */
  async #open<T extends Opened>(make: () => T): Promise<T> {
    const closing = this.#closing.signal;
    for (let attempt = 1; ; attempt++) {
      await orInterrupted(this.#driver.ready(), closing);
      const made = make();
      this.#opened.add(made);
      made.on('error', (error) => this.#hear(error));
      try {
        await orInterrupted(made.waitUntilReady(), closing);
        return made;
      } catch (error) {
        if (closing.aborted) throw error;
        this.#hear(error);
        this.#opened.delete(made);
        await settledWithin(CLOSE_TIME, made.close(true));
        await waitToRetry(attempt, closing);
      }
    }
  }

  /** The connection reports that the store is away. */
  #hear(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    if (this.classifyError(error) !== 'away' || this.#driver.isRefusal?.(error)) this.warn(errorText(error));
  }
}

import { GiveUpError } from '../base/errors.ts';
import type { Connection, QueueKind } from '../base/model.ts';
import { openInspector, type Inspector } from './inspect/inspector.ts';
import { resolveQueueOptions, type QueueOptions } from './options.ts';
import { openProducer, type Producer } from './producer.ts';
import { inspectRq, NO_SCHEDULES } from './rq/inspect/inspect-rq.ts';
import { observed, type Observers } from './job-observer.ts';
import type { ReadPickle } from './rq/read-serialized.ts';
import { resolveRqQueueOptions, type RqOptions, type RqQueueOptions } from './rq/rq-options.ts';
import { openRqProducer } from './rq/rq-producer.ts';
import { openRqStore } from './rq/rq-store.ts';
import { openSchedules, type Schedules } from './schedule/schedules.ts';
import { openStore, type StoreListeners } from './store/store.ts';
import type { StoreOptions } from './store/store-options.ts';
import { openWorker, type QueueWorker, type WorkerOptions } from './worker.ts';

/** One queue, whatever keeps it. */
export interface OpenQueue {
  readonly kind: QueueKind;
  connection: () => Connection;
  /** Opened with its first use. */
  producer: () => Producer;
  inspector: Inspector;
  /** Reject with GiveUpError on RQ. */
  schedules: Schedules;
  /**
   * Opens a worker of this process.
   *
   * @throws GiveUpError when Python's workers run the jobs
   */
  openWorker: (options: Omit<WorkerOptions, 'queue' | 'observer'>) => QueueWorker;
  /** Resolves or rejects with the store's first answer. */
  answers(): Promise<void>;
  close(): Promise<void>;
}

export interface QueueSettings extends Observers {
  queue: Partial<QueueOptions> & Partial<RqQueueOptions>;
  listeners?: StoreListeners;
  /** Reads what Python's workers have pickled. */
  readPickle: ReadPickle;
}

/**
 * Opens a queue, which connects in the background.
 *
 * @throws OptionsError when an option is wrong
 */
export function openQueue(address: StoreOptions | RqOptions, settings: QueueSettings): OpenQueue {
  return address.store === 'rq' ? openRqQueue(address, settings) : openStoreQueue(address, settings);
}

function openStoreQueue(
  address: StoreOptions,
  { queue, listeners = {}, observer, tracing }: QueueSettings,
): OpenQueue {
  const options = resolveQueueOptions(queue);
  const store = openStore(address, { ...listeners, telemetry: tracing?.telemetry });
  const producer = once(() => observed(openProducer(store, options), { observer, tracing }));
  return {
    kind: store.kind,
    connection: () => store.connection(),
    producer: producer.open,
    inspector: openInspector(store, options.queue_name),
    schedules: openSchedules(store, options),
    openWorker: (worker) => openWorker(store, { ...worker, queue: options, observer }),
    answers: async () => void (await store.queue(options.queue_name)),
    async close() {
      await producer.opened()?.close();
      await store.close();
    },
  };
}

function openRqQueue(
  address: RqOptions,
  { queue, listeners = {}, readPickle, ...observers }: QueueSettings,
): OpenQueue {
  const options = resolveRqQueueOptions(queue);
  const { queue_name } = options;
  const store = openRqStore(address, listeners);
  const producer = once(() => observed(openRqProducer(store, options), observers));
  return {
    kind: store.kind,
    connection: () => store.connection(),
    producer: producer.open,
    inspector: inspectRq(store, { queue_name, readPickle }),
    schedules: { put: noSchedules, remove: noSchedules },
    openWorker() {
      throw new GiveUpError(whoRuns(queue_name));
    },
    answers: async () => void (await store.client()),
    async close() {
      await producer.opened()?.close();
      await store.close();
    },
  };
}

async function noSchedules(): Promise<never> {
  throw new GiveUpError(NO_SCHEDULES);
}

/** What is said to whoever wants to run jobs that Python runs; a status of Node-RED has room for it. */
export function whoRuns(queue: string): string {
  return `Python runs these jobs: rq worker ${queue}`;
}

/** Makes something when it is wanted first. */
function once<T>(make: () => T): { open: () => T; opened: () => T | undefined } {
  let made: T | undefined;
  return { open: () => (made ??= make()), opened: () => made };
}

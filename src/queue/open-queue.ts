import { GiveUpError } from '../base/errors.ts';
import type { Connection, QueueKind } from '../base/model.ts';
import { endedJobs } from './events/ended-jobs.ts';
import {
  jobEventKinds,
  rqEventKinds,
  type JobEventKind,
  type FollowJobs,
  type ListenToJobs,
} from './events/job-event.ts';
import { endFollower } from './events/follow-ends.ts';
import { JobListeners, type Audience, type EventSource } from './events/job-listeners.ts';
import { openStoreEvents } from './events/store-events.ts';
import { openEndWaiter, type EndSource, type EndWaiter } from './events/wait-for-ends.ts';
import { openInspector, type Inspector } from './inspect/inspector.ts';
import { refusalsOf } from './inspect/refusals.ts';
import { resolveQueueOptions, type QueueOptions } from './options.ts';
import { openProducer, type Producer } from './producer.ts';
import { endedRq } from './rq/events/ended-rq.ts';
import { openRqEvents } from './rq/events/rq-events.ts';
import { inspectRq } from './rq/inspect/inspect-rq.ts';
import type { JobObserver } from './job-observer.ts';
import type { Tracing } from '../base/tracing.ts';
import type { ReadPickle } from './rq/read-serialized.ts';
import { resolveRqQueueOptions, type RqOptions, type RqQueueOptions } from './rq/rq-options.ts';
import { openRqProducer } from './rq/rq-producer.ts';
import { openRqStore } from './rq/rq-store.ts';
import { openSchedules, type Schedules } from './schedule/schedules.ts';
import { openStore, type StoreListeners } from './store/store.ts';
import type { StoreOptions } from './store/store-options.ts';
import { openWorker, type QueueWorker, type WorkerOptions } from './worker.ts';

/** Milliseconds between two checks of awaited jobs, whose end events report, too. */
const LOOK_INTERVAL = 2000;
/** The same for RQ, which has no such events. */
const RQ_LOOK_INTERVAL = 250;

/** An open queue on any store. */
export interface OpenQueue {
  readonly kind: QueueKind;
  connection: () => Connection;
  /** Opened with its first use. */
  producer: () => Producer;
  inspector: Inspector;
  /** The kinds of events that `listen` reports. */
  eventKinds: readonly JobEventKind[];
  /** Adds a listener to events of its jobs, on all machines. */
  listen: ListenToJobs;
  /** The same, and tells first what ended meanwhile; on RQ it only listens. */
  follow: FollowJobs;
  /** Waits for the end of one of its jobs, see `EndWaiter`. */
  waitForEnd: EndWaiter['wait'];
  /** Reject with GiveUpError on RQ. */
  schedules: Schedules;
  /** Marks a deploy in its history; RQ keeps none. */
  noteDeploy: () => void;
  /**
   * Opens a worker of this process.
   *
   * @throws GiveUpError when Python's workers run the jobs
   */
  openWorker: (options: Omit<WorkerOptions, 'queue' | 'observer' | 'audience'>) => QueueWorker;
  /** Resolves or rejects with the store's first answer. */
  answers(): Promise<void>;
  close(): Promise<void>;
}

interface QueueSettings {
  queue: Partial<QueueOptions> & Partial<RqQueueOptions>;
  listeners?: StoreListeners;
  /** Reads pickles of Python's workers. */
  readPickle: ReadPickle;
  observer?: JobObserver | undefined;
  tracing?: Tracing | undefined;
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
  const { queue_name } = options;
  const producer = once(() => openProducer(store, options, { observer, tracing }));
  const inspector = openInspector(store, queue_name);
  const keepsEnds = options.keep_completed > 0 && options.keep_failed > 0;
  const heard = { queue: queue_name, keepsEnds };
  const ends = openEnds((audience) => openStoreEvents(store, heard, audience), {
    ended: (ids) => endedJobs(store, queue_name, ids),
    show: (id) => inspector.show(id),
    interval: LOOK_INTERVAL,
  });
  return {
    kind: store.kind,
    connection: () => store.connection(),
    producer: producer.open,
    inspector,
    eventKinds: jobEventKinds,
    listen: ends.listen,
    follow: endFollower({ store, queue: queue_name, listen: ends.listen }),
    waitForEnd: ends.waitForEnd,
    schedules: openSchedules(store, options),
    noteDeploy: () => store.minuteLog(queue_name).onDeploy(),
    openWorker: (worker) => openWorker(store, { ...worker, queue: options, observer, audience: ends.own }),
    answers: async () => void (await store.queue(queue_name)),
    async close() {
      await ends.close();
      await producer.opened()?.close();
      await store.close();
    },
  };
}

function openRqQueue(
  address: RqOptions,
  { queue, listeners = {}, readPickle, observer, tracing }: QueueSettings,
): OpenQueue {
  const options = resolveRqQueueOptions(queue);
  const { queue_name } = options;
  const store = openRqStore(address, listeners);
  const producer = once(() => openRqProducer(store, options, { observer, tracing }));
  const inspector = inspectRq(store, { queue_name, readPickle });
  const ends = openEnds((audience) => openRqEvents(store, { queue: queue_name, readPickle }, audience), {
    ended: async (ids) => endedRq(await store.client(), ids),
    show: (id) => inspector.show(id),
    // Its events are looks, too.
    listen: () => () => undefined,
    interval: RQ_LOOK_INTERVAL,
  });
  return {
    kind: store.kind,
    connection: () => store.connection(),
    producer: producer.open,
    inspector,
    eventKinds: rqEventKinds,
    listen: ends.listen,
    follow: (_name, listener) => {
      const stop = ends.listen(listener);
      return async () => stop();
    },
    waitForEnd: ends.waitForEnd,
    schedules: { put: noSchedules, remove: noSchedules },
    noteDeploy: () => undefined,
    openWorker() {
      throw new GiveUpError(whoRuns(queue_name));
    },
    answers: async () => void (await store.client()),
    async close() {
      await ends.close();
      await producer.opened()?.close();
      await store.close();
    },
  };
}

async function noSchedules(): Promise<never> {
  throw new GiveUpError(refusalsOf('rq').schedules ?? '');
}

/** Explains why no worker here can run the jobs of an RQ queue; fits in a node's status. */
export function whoRuns(queue: string): string {
  return `Python runs these jobs: rq worker ${queue}`;
}

/** Opens what listens to the jobs of a queue, and what waits for the end of one. */
function openEnds(
  open: (audience: Audience) => EventSource,
  source: Omit<EndSource, 'listen'> & Partial<EndSource>,
) {
  const listeners = new JobListeners(open);
  const listen: ListenToJobs = (listener) => listeners.add(listener);
  const waiter = openEndWaiter({ listen, ...source });
  return {
    listen,
    own: listeners.own,
    waitForEnd: (id: string, timeout: number) => waiter.wait(id, timeout),
    async close() {
      waiter.close();
      await listeners.close();
    },
  };
}

/** Calls `make` with the first `open`. */
function once<T>(make: () => T): { open: () => T; opened: () => T | undefined } {
  let made: T | undefined;
  return { open: () => (made ??= make()), opened: () => made };
}

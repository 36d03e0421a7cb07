/** A store with a unique queue, a producer, and workers that record events; closed after the test. */
import { countJobs } from '../../src/queue/inspect/count-jobs.ts';
import { listJobs, type JobRow } from '../../src/queue/inspect/list-jobs.ts';
import type { NewJob } from '../../src/queue/job/new-job.ts';
import { openProducer, type Producer, type ProducerLimits } from '../../src/queue/producer.ts';
import type { QueueOptions } from '../../src/queue/options.ts';
import type { StoreOptions } from '../../src/queue/store/store-options.ts';
import { openStore, type Store } from '../../src/queue/store/store.ts';
import { openWorker, type QueueWorker, type TakenJob, type WorkerOptions } from '../../src/queue/worker.ts';
import type { Connection } from '../../src/base/model.ts';
import { unique } from './unique.ts';

/** Timing that detects abandoned jobs within a second. */
export const quick = { lockDuration: 500, stalledInterval: 250 };

export interface Told extends QueueWorker {
  /** Started attempts, in order. */
  taken: TakenJob[];
  completed: TakenJob[];
  /** Results of the completed jobs, in the same order. */
  results: unknown[];
  retried: { job: TakenJob; error: Error }[];
  dead: { job: TakenJob; error: Error }[];
}

export interface Bench {
  store: Store;
  queue: Partial<QueueOptions> & { queue_name: string };
  producer: Producer;
  connections: Connection[];
  warnings: string[];
  work(run: WorkerOptions['run'], options?: Partial<WorkerOptions>): Told;
  close(): Promise<void>;
}

interface BenchOptions {
  /** A store shared with other benches, which stays open. Default: a new store */
  store?: Store;
  /** The queue of an earlier bench, to simulate a restart. */
  queue?: Partial<QueueOptions>;
  limits?: ProducerLimits;
  timing?: typeof quick;
}

const open = new Set<Bench>();

/** Call it in `afterEach`. */
export async function closeBenches(): Promise<void> {
  await Promise.all([...open].map((bench) => bench.close()));
}

export function openBench(
  options: StoreOptions,
  { store: shared, queue = {}, limits, timing }: BenchOptions = {},
): Bench {
  const connections: Connection[] = [];
  const warnings: string[] = [];
  const opening = () =>
    openStore(options, {
      onConnection: (connection) => connections.push(connection),
      onWarning: (text) => warnings.push(text),
      countsFor: 0,
      ...(timing && { timing }),
    });
  const store = shared ?? opening();
  const named = { queue_name: unique('queue'), ...queue };
  const producer = openProducer(store, named, limits);
  const workers: QueueWorker[] = [];
  const bench: Bench = {
    store,
    queue: named,
    producer,
    connections,
    warnings,
    work(run, more) {
      const told = work(store, named, { run, ...more });
      workers.push(told);
      return told;
    },
    async close() {
      open.delete(bench);
      await Promise.all(workers.map((worker) => worker.stop(0)));
      await producer.close(0);
      if (!shared) await store.close();
    },
  };
  open.add(bench);
  return bench;
}

function work(store: Store, queue: Partial<QueueOptions>, options: Omit<WorkerOptions, 'queue'>): Told {
  const taken: TakenJob[] = [];
  const completed: TakenJob[] = [];
  const results: unknown[] = [];
  const retried: Told['retried'] = [];
  const dead: Told['dead'] = [];
  const worker = openWorker(store, {
    ...options,
    queue,
    run: (one, attempt) => {
      taken.push(one);
      return options.run(one, attempt);
    },
    onCompleted: (one, result) => {
      completed.push(one);
      results.push(result);
    },
    onFailedAttempt: (one, error) => retried.push({ job: one, error }),
    onDeadLetter: (one, error) => dead.push({ job: one, error }),
  });
  return Object.assign(worker, { taken, completed, results, retried, dead });
}

export const never = () => new Promise<never>(() => undefined);
export const succeed = () => Promise.resolve();
export const fail = () => Promise.reject(new Error('no luck'));

export function job(payload: unknown, options: Partial<NewJob> = {}): NewJob {
  return { name: 'pipeline', msg: { payload, topic: 'a/b', qos: 1 }, ...options };
}

/** Counts the jobs in each state, without zeros. */
export async function counts({ store, queue }: Bench): Promise<Record<string, unknown>> {
  const all = await countJobs(store, queue, { mostCounted: 1_000_000 });
  const { queue_name: _name, type: _type, workers: _workers, counted_to: _most, ...states } = all;
  return Object.fromEntries(Object.entries(states).filter(([, count]) => count !== 0));
}

/** Lists the dead letters, newest first. */
export async function deadLetters({ store, queue }: Bench): Promise<JobRow[]> {
  return (await listJobs(store, queue.queue_name, { state: 'dead' })).rows;
}

const keep = { completed: 1000, failed: 1000 };

/** Simulates a killed worker: takes a job, and neither renews its lock nor returns it. */
export async function abandon({ store, queue }: Bench): Promise<void> {
  const dying = { concurrency: 1, skipLockRenewal: true, keep };
  await new Promise<void>((resolve) => {
    const die = async () => {
      await (await opened).close(true);
      resolve();
      return never();
    };
    const opened = store.worker(queue.queue_name, die, dying);
    void opened.then((worker) => worker.run());
  });
}

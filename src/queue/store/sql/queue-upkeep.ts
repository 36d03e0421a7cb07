import type { PgPool } from 'bullmq';
import { newestOnly } from '../../../newest-only.ts';
import type { StoreWorker, WorkOptions } from '../driver.ts';
import { forgetKeys } from './forget-keys.ts';
import { trimFinished } from './trim-finished.ts';

interface UpkeepOptions {
  pool: PgPool;
  queue: string;
  worker: StoreWorker & { emit(event: 'error', error: Error): unknown };
  keep: WorkOptions['keep'];
}

const HOUR = 3_600_000;

/**
 * Removes what a queue no longer needs while its worker finishes jobs: finished ones that are too many or too old, with
 * the first and then with each twentieth of the count; unique keys whose time is over, with the first and then once an hour.
 * What fails is the worker's error, and is tried again with a later job.
 */
export function openQueueUpkeep({ pool, queue, worker, keep }: UpkeepOptions): void {
  const report = (error: Error) => void worker.emit('error', error);
  const trimmer = (state: keyof typeof keep) => {
    const trim = newestOnly<void>(() =>
      trimFinished(pool, { queue, state, keep: keep[state] }).catch(report),
    );
    return firstOf(Math.floor(keep[state] / 20), trim);
  };
  const [trimCompleted, trimFailed] = [trimmer('completed'), trimmer('failed')];
  const forget = hourly(newestOnly<void>(() => forgetKeys(pool, queue).catch(report)));
  worker.on('completed', () => {
    trimCompleted();
    forget();
  });
  worker.on('failed', (job) => {
    if (job?.finishedOn !== undefined) trimFailed();
  });
}

/** Acts at the first of so many calls, and at the first of the next. */
function firstOf(calls: number, act: () => void): () => void {
  let made = 0;
  return () => {
    if (made++ % Math.max(1, calls) === 0) act();
  };
}

/** Acts at the first call, and at the first one an hour later. */
function hourly(act: () => void): () => void {
  let actedAt = -Infinity;
  return () => {
    if (performance.now() - actedAt < HOUR) return;
    actedAt = performance.now();
    act();
  };
}

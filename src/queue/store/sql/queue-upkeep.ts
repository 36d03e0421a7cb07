import type { PgPool } from 'bullmq';
import { newestOnly } from '../../../base/one-at-a-time.ts';
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
 * Cleans up a queue when its worker finishes jobs. Removes excess finished jobs, after the first job and then after
 * every twentieth of the number to keep; and expired unique keys, after the first job and then once an hour. An error
 * is emitted by the worker, and a later job retries the clean-up.
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

/** Runs the action on every n-th call, starting with the first. */
function firstOf(calls: number, act: () => void): () => void {
  let made = 0;
  return () => {
    if (made++ % Math.max(1, calls) === 0) act();
  };
}

/** Runs the action at most once an hour. */
function hourly(act: () => void): () => void {
  let actedAt = -Infinity;
  return () => {
    if (performance.now() - actedAt < HOUR) return;
    actedAt = performance.now();
    act();
  };
}

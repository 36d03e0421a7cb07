import { isWhole, throwMistakes } from '../../base/mistakes.ts';
import { DurationHistogram } from '../../stats/duration-histogram.ts';
import { historySteps, MINUTE, MINUTES_KEPT, type StoredMinute } from '../history/minute-counts.ts';
import type { Store } from '../store/store.ts';
import { inspectedQueue } from './inspected-queue.ts';

export interface HistoryOptions {
  /** Default: an hour ago */
  since?: Date;
  /** Minutes that a row covers, for longer times; rows of hours begin with a whole one. Default: 1 */
  minutesPerRow?: number;
}

/** What happened to a queue's jobs in a minute, in the processes of this package. */
export interface HistoryRow {
  /** Begin of the minute, or of the row's first one. */
  minute: Date;
  enqueued: number;
  completed: number;
  /** Jobs that became dead letters. */
  failed: number;
  /** Milliseconds from a job's due time to the start of its first attempt; undefined if none started. */
  waitP50: number | undefined;
  waitP95: number | undefined;
  /** Milliseconds that an attempt ran; undefined if none ended. */
  runP50: number | undefined;
  runP95: number | undefined;
  /** Waiting jobs at the end; PostgreSQL and the embedded store count up to 10,000. */
  backlog: number;
  /** Minutes in which a Node-RED that uses the queue started its flows; hours in rows of hours. */
  deploys: Date[];
}

/**
 * Reads a queue's history, which is kept for 7 days, oldest first. A process adds its part of a minute some seconds after
 * the end of the minute. A minute in which nothing happened has no row.
 *
 * @throws OptionsError if an option is invalid
 */
export async function readHistory(
  store: Store,
  queueName: string,
  { since = new Date(Date.now() - 60 * MINUTE), minutesPerRow = 1 }: HistoryOptions = {},
): Promise<HistoryRow[]> {
  throwMistakes([
    (since instanceof Date && !Number.isNaN(since.getTime())) || 'since must be a date',
    isWhole(minutesPerRow, 1, MINUTES_KEPT) ||
      `minutesPerRow must be a whole number from 1 to ${MINUTES_KEPT}`,
  ]);
  const { access } = await inspectedQueue(store, queueName);
  const until = Math.floor(Date.now() / MINUTE);
  const first = Math.max(Math.floor(since.getTime() / MINUTE), until - MINUTES_KEPT);
  const step = historySteps.findLast((minutes) => minutesPerRow % minutes === 0) ?? 1;
  const found = await access.readMinutes({ since: first - (first % step), until, step });
  const rows = new Map<number, StoredMinute[]>();
  for (const one of found) {
    const begin = one.minute - (one.minute % minutesPerRow);
    rows.set(begin, [...(rows.get(begin) ?? []), one]);
  }
  return [...rows].map(([begin, minutes]) => toRow(begin, minutes));
}

function toRow(minute: number, minutes: StoredMinute[]): HistoryRow {
  const sum = (name: 'enqueued' | 'completed' | 'failed') =>
    minutes.reduce((total, one) => total + one[name], 0);
  const [wait, run] = (['wait', 'run'] as const).map((name) => merged(minutes.map((one) => one[name])));
  return {
    minute: new Date(minute * MINUTE),
    enqueued: sum('enqueued'),
    completed: sum('completed'),
    failed: sum('failed'),
    waitP50: wait?.percentile(0.5),
    waitP95: wait?.percentile(0.95),
    runP50: run?.percentile(0.5),
    runP95: run?.percentile(0.95),
    backlog: minutes.at(-1)?.backlog ?? 0,
    deploys: minutes.filter(({ hasDeploy }) => hasDeploy).map((one) => new Date(one.minute * MINUTE)),
  };
}

function merged(histograms: number[][]): DurationHistogram {
  const all = new DurationHistogram();
  for (const counts of histograms) all.merge(counts);
  return all;
}

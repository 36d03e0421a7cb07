import type { Store } from '../store/store.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** What happened to a queue's jobs in a minute, in all processes. */
export interface HistoryRow {
  /** Begin of the minute. */
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
  /** Waiting jobs at the end of the minute. */
  backlog: number;
}

/** Reads the rows since a time. Default: an hour ago */
export async function readHistory(
  store: Store,
  queueName: string,
  { since: _since }: { since?: Date } = {},
): Promise<HistoryRow[]> {
  await inspectedQueue(store, queueName);
  return [];
}

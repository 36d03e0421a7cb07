import { GiveUpError } from '../../base/errors.ts';
import type { Store } from '../store/store.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** A schedule of a queue. */
export interface ScheduleInfo {
  key: string;
  /** Name of its jobs. */
  name: string;
  /** A cron pattern; undefined if the schedule has an interval. */
  pattern: string | undefined;
  /** Time zone of the pattern. */
  tz: string | undefined;
  /** Interval in milliseconds. */
  every: number | undefined;
  /** When its next job is due; in the past if that job waits for a worker. */
  next: Date | undefined;
}

const MOST = 1000;

/** Lists at most 1,000 schedules of a queue, in the order in which they are due. */
export async function listSchedules(store: Store, queueName: string): Promise<ScheduleInfo[]> {
  const { queue } = await inspectedQueue(store, queueName);
  const found = await queue.getJobSchedulers(0, MOST - 1, true);
  return found.map(({ key, name, pattern, tz, every, next }) => ({
    key,
    name,
    pattern,
    tz,
    every,
    next: next === undefined ? undefined : new Date(next),
  }));
}

/**
 * Removes a schedule and its next job. A node that still has the schedule stores it again when it starts.
 *
 * @throws GiveUpError if there is no such schedule
 */
export async function removeSchedule(store: Store, queueName: string, key: string): Promise<void> {
  const { queue } = await inspectedQueue(store, queueName);
  const isRemoved = await queue.removeJobScheduler(key);
  if (!isRemoved) throw new GiveUpError(`the queue ${queueName} has no schedule ${key}`);
}

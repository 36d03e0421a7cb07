import { DurationHistogram } from '../../stats/duration-histogram.ts';

/** Milliseconds. */
export const MINUTE = 60_000;

/** Minutes that the history of a queue goes back: 7 days. */
export const MINUTES_KEPT = 7 * 24 * 60;

/** Minutes of the rows that a history has, all of the whole time: a week is read by the hour. */
export const historySteps = [1, 60] as const;

export type HistoryStep = (typeof historySteps)[number];

/** What happened to a queue's jobs in a minute. */
export interface MinuteCounts {
  /** Minutes since 1970. */
  minute: number;
  enqueued: number;
  completed: number;
  /** Jobs that became dead letters. */
  failed: number;
  /** Deploys and starts of a Node-RED that uses the queue. */
  deploys: number;
  /** Durations from a job's due time to the start of its first attempt. */
  wait: DurationHistogram;
  /** Durations of attempts. */
  run: DurationHistogram;
}

/** The sum of the counts of all processes, for the minutes of a row from `minute` on. */
export interface StoredMinute extends Omit<MinuteCounts, 'deploys' | 'wait' | 'run'> {
  hasDeploy: boolean;
  /** Durations in each bucket of a histogram; buckets at the end may be missing. */
  wait: number[];
  run: number[];
  /** Waiting jobs when the last process wrote. PostgreSQL and the embedded store count up to 10,000. */
  backlog: number;
}

export function newMinute(minute: number): MinuteCounts {
  return {
    minute,
    enqueued: 0,
    completed: 0,
    failed: 0,
    deploys: 0,
    wait: new DurationHistogram(),
    run: new DurationHistogram(),
  };
}

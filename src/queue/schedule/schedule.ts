import { defaultRepeatStrategy } from 'bullmq';
import { OptionsError } from '../../base/errors.ts';
import { isWhole, throwMistakes } from '../../base/mistakes.ts';
import { checkNewJob, type NewJob } from '../job/new-job.ts';

/** When a job is added: at the times of a cron pattern, or in an interval. */
export type Times =
  | {
      /** 5 fields, or 6 with seconds, see https://en.wikipedia.org/wiki/Cron. */
      pattern: string;
      /** For instance `Europe/Berlin`. Default: that of the machine which computes the next time. */
      tz?: string;
    }
  | {
      /** Milliseconds. */
      every: number;
    };

/** Adds a job again and again, once for all processes that use the queue. */
export interface Schedule {
  /** Names the schedule in its queue. */
  key: string;
  times: Times;
  job: Pick<NewJob, 'name' | 'msg' | 'priority' | 'attempts'>;
}

const LONGEST_KEY = 200;
const LONGEST_INTERVAL = 366 * 86_400_000;

/** @throws OptionsError if the schedule is invalid */
export function checkSchedule({ key, times, job }: Schedule): void {
  throwMistakes([
    (/^[^\p{Cc}:]+$/u.test(key) && key.length <= LONGEST_KEY) ||
      `the key of a schedule must have 1 to ${LONGEST_KEY} characters and no colon`,
    !('every' in times) ||
      isWhole(times.every, 100, LONGEST_INTERVAL) ||
      'the interval must be from 0.1 seconds to 366 days',
  ]);
  checkNewJob(job);
  if ('pattern' in times) nextTime(times, new Date());
}

/**
 * Returns the first time of a pattern after `now`.
 *
 * @throws OptionsError if the pattern or its time zone is invalid, or has no such time
 */
export function nextTime({ pattern, tz }: Extract<Times, { pattern: string }>, now: Date): Date {
  try {
    const next = defaultRepeatStrategy(now.getTime(), { pattern, ...(tz && { tz }) });
    if (next !== undefined) return new Date(next);
  } catch (error) {
    throw new OptionsError([`invalid pattern "${pattern}": ${(error as Error).message}`]);
  }
  throw new OptionsError([`invalid pattern "${pattern}": it has no next time`]);
}

import type { RqQueueOptions } from './rq-options.ts';

/**
 * The seconds before each retry as RQ's field `retry_intervals`, whole and rounded up; empty where they are all 0. The first
 * counts for all earlier retries if there are fewer than retries (`Job.get_retry_interval` in job.py).
 */
export function retryIntervals(
  { backoff, backoff_delay, backoff_max }: RqQueueOptions,
  retries: number,
): string {
  if (retries === 0 || backoff_delay === 0) return '';
  if (backoff === 'fixed') return JSON.stringify([Math.ceil(backoff_delay)]);
  const intervals = Array.from({ length: retries }, (_, retry) =>
    Math.ceil(Math.min(backoff_delay * 2 ** Math.min(retry, 30), backoff_max)),
  );
  return JSON.stringify(intervals);
}

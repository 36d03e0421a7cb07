import { OptionsError, type HistoryRow, type Inspector } from '../../src/index.ts';
import type { HistoryPoint, HistoryRange, HistoryView } from './answers.ts';
import { historyRanges } from './history-ranges.ts';

const MINUTE = 60_000;
/** A process writes its part of a minute some seconds after the end of the minute. */
const WRITTEN_AFTER = 15_000;

/** Reads the history of a queue for the charts: points in equal steps, and the deploys. */
export async function readCharts(queue: Inspector, range: unknown): Promise<HistoryView> {
  const { length, step } = historyRanges[rangeOf(range)];
  const begin = lastEnd(step) - length;
  const minutesPerRow = step / MINUTE;
  const rows = await queue.history({ since: new Date(begin), minutesPerRow });
  const byTime = new Map(rows.map((row) => [row.minute.getTime(), row]));
  const points = Array.from({ length: length / step }, (_, n) => begin + n * step).map((time) =>
    pointOf(time, byTime.get(time), minutesPerRow),
  );
  const deploys = rows.flatMap((row) => row.deploys).map((deploy) => deploy.getTime());
  return { points, deploys };
}

/** Returns when the last step ended that all processes have written. */
export function lastEnd(step: number): number {
  return Math.floor((Date.now() - WRITTEN_AFTER) / step) * step;
}

function rangeOf(range: unknown): HistoryRange {
  if (typeof range === 'string' && Object.hasOwn(historyRanges, range)) return range as HistoryRange;
  throw new OptionsError([`range must be one of ${Object.keys(historyRanges).join(', ')}`]);
}

function pointOf(time: number, row: HistoryRow | undefined, minutes: number): HistoryPoint {
  if (!row) return { time, completed: 0, failed: 0 };
  const { completed, failed, waitP95: wait, runP95: run, backlog } = row;
  return {
    time,
    completed: completed / minutes,
    failed: failed / minutes,
    ...(wait !== undefined && { wait }),
    ...(run !== undefined && { run }),
    backlog,
  };
}

import { OptionsError, type HistoryRow, type Inspector } from '../../src/index.ts';
import type { HistoryPoint, HistoryRange, HistoryView } from './answers.ts';
import type { Deploys } from './deploys.ts';
import { historyRanges } from './history-ranges.ts';

const MINUTE = 60_000;

/** Reads the history of a queue for the charts: points in equal steps, and the deploys. */
export async function readCharts(queue: Inspector, range: unknown, deploys: Deploys): Promise<HistoryView> {
  const { length, step } = historyRanges[rangeOf(range)];
  // The current minute has not ended.
  const end = Math.floor(Date.now() / step) * step;
  const begin = end - length;
  const rows = await queue.history({ since: new Date(begin) });
  const points = Array.from({ length: length / step }, (_, n) => begin + n * step).map((time) =>
    pointOf(
      time,
      rows.filter(({ minute }) => minute.getTime() >= time && minute.getTime() < time + step),
      step,
    ),
  );
  return { points, deploys: deploys.since(begin) };
}

/** Reads the jobs in and out of each of the last 30 minutes. */
export async function readRates(queue: Inspector): Promise<{ added: number[]; ended: number[] }> {
  const end = Math.floor(Date.now() / MINUTE) * MINUTE;
  const begin = end - 30 * MINUTE;
  const rows = await queue.history({ since: new Date(begin) });
  const added = Array.from({ length: 30 }, () => 0);
  const ended = [...added];
  for (const { minute, enqueued, completed, failed } of rows) {
    const n = (minute.getTime() - begin) / MINUTE;
    if (!(n in added)) continue;
    added[n] = enqueued;
    ended[n] = completed + failed;
  }
  return { added, ended };
}

function rangeOf(range: unknown): HistoryRange {
  if (typeof range === 'string' && Object.hasOwn(historyRanges, range)) return range as HistoryRange;
  throw new OptionsError([`range must be one of ${Object.keys(historyRanges).join(', ')}`]);
}

function pointOf(time: number, rows: HistoryRow[], step: number): HistoryPoint {
  const perMinute = (of: (row: HistoryRow) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / (step / MINUTE);
  const highest = (of: (row: HistoryRow) => number | undefined) => {
    const found = rows.map(of).filter((value) => value !== undefined);
    return found.length > 0 ? Math.max(...found) : undefined;
  };
  const [wait, run, backlog] = [
    highest(({ waitP95 }) => waitP95),
    highest(({ runP95 }) => runP95),
    highest((row) => row.backlog),
  ];
  return {
    time,
    completed: perMinute(({ completed }) => completed),
    failed: perMinute(({ failed }) => failed),
    ...(wait !== undefined && { wait }),
    ...(run !== undefined && { run }),
    ...(backlog !== undefined && { backlog }),
  };
}

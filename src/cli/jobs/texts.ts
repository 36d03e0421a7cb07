/** What the verbs of a queue print for people. */
import type { ErrorGroups } from '../../queue/inspect/error-groups.ts';
import type { HistoryRow } from '../../queue/inspect/history.ts';
import type { JobPage, JobRow } from '../../queue/inspect/list-jobs.ts';
import type { WorkerInfo } from '../../queue/inspect/list-workers.ts';
import type { QueueState } from '../../queue/inspect/queue-state.ts';
import type { ScheduleInfo } from '../../queue/inspect/schedules.ts';
import type { JobDetails } from '../../queue/inspect/read-job.ts';
import { table } from '../table.ts';

export function stateText({ queue, counts, countedTo, isPaused, oldestWaiting }: QueueState): string {
  const rows = Object.entries(counts).map(([state, count]) => [
    `  ${state}`,
    count > countedTo ? `${countedTo}+` : `${count}`,
  ]);
  const oldest = oldestWaiting === undefined ? '' : `the oldest waits for ${duration(oldestWaiting)}\n`;
  return `queue ${queue}${isPaused ? ', paused' : ''}\n${table(rows)}${oldest}`;
}

export function pageText({ rows, next, lookedAt }: JobPage): string {
  const searched = lookedAt === undefined ? '' : `among ${lookedAt} jobs\n`;
  const more = next === undefined ? '' : `more: --after ${next}\n`;
  if (rows.length === 0) return `no jobs\n${searched}${more}`;
  const head = ['ID', 'PIPELINE', 'TOPIC', 'ATTEMPT', 'ADDED', 'ERROR'];
  return `${table([head, ...rows.map(rowText)])}${searched}${more}`;
}

export function groupsText({ groups, read, isComplete }: ErrorGroups): string {
  if (groups.length === 0) return 'no dead letters\n';
  const rows = groups.map(({ count, newest, error }) => [`${count}`, newest.toISOString(), printable(error)]);
  const which = isComplete ? '' : `of the newest ${read} dead letters\n`;
  return `${table([['JOBS', 'NEWEST', 'ERROR'], ...rows])}${which}`;
}

export function historyText(rows: HistoryRow[]): string {
  if (rows.length === 0) return 'nothing happened\n';
  const head = ['BEGIN', 'ENQUEUED', 'COMPLETED', 'FAILED', 'WAIT P50', 'P95', 'RUN P50', 'P95', 'WAITING'];
  const ms = (time: number | undefined) =>
    time === undefined ? '' : `${time.toFixed(time < 10 ? 1 : 0)} ms`;
  const cells = rows.map(({ minute, enqueued, completed, failed, backlog, ...times }) => [
    minute.toISOString().slice(0, 16),
    ...[enqueued, completed, failed].map(String),
    ...[times.waitP50, times.waitP95, times.runP50, times.runP95].map(ms),
    `${backlog}`,
  ]);
  return table([head, ...cells]);
}

function rowText({ id, name, topic, attempt, attempts, addedAt, error }: JobRow): string[] {
  return [id, name, topic ?? '', `${attempt}/${attempts}`, addedAt.toISOString(), error ?? ''].map(printable);
}

export function jobText({ msg, result, stacks, log, ...others }: JobDetails): string {
  const rows = Object.entries(others)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [
      `${name}:`,
      printable(
        value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : text(value),
      ),
    ]);
  const parts: [string, string[]][] = [
    ['message', [text(msg)]],
    ['result', result === undefined ? [] : [text(result)]],
    ['stack', stacks.slice(-1)],
    ['log', log],
  ];
  const blocks = parts.filter(([, lines]) => lines.length > 0).map(([name, lines]) => block(name, lines));
  return `${table(rows)}${blocks.join('')}`;
}

export function workersText(workers: WorkerInfo[]): string {
  if (workers.length === 0) return 'no workers\n';
  // Only RQ's workers say what they do.
  const hasStates = workers.some(({ state }) => state !== undefined);
  const head = [
    'MACHINE',
    'PROCESS',
    'SINCE',
    ...(hasStates ? ['STATE', 'HEARD OF'] : ['JOBS AT ONCE']),
    'RUNNING',
  ];
  const rows = workers.map(({ name, machine, process, since, concurrency, running, state, heartbeat }) => [
    machine ?? name,
    `${process ?? ''}`,
    since?.toISOString() ?? '',
    ...(hasStates ? [state ?? '', heartbeat?.toISOString() ?? ''] : [`${concurrency ?? ''}`]),
    running.map((job) => `${job.name} ${job.id}`).join(', '),
  ]);
  return table([head, ...rows.map((row) => row.map(printable))]);
}

export function schedulesText(schedules: ScheduleInfo[]): string {
  if (schedules.length === 0) return 'no schedules\n';
  const rows = schedules.map(({ key, name, pattern, tz = '', every = 0, next }) => {
    const times = pattern === undefined ? `every ${every / 1000} s` : `${pattern} ${tz}`.trim();
    return [key, name, times, next?.toISOString() ?? ''].map(printable);
  });
  return table([['KEY', 'PIPELINE', 'TIMES', 'NEXT'], ...rows]);
}

function block(name: string, lines: string[]): string {
  return `${name}:\n${lines.map((line) => `  ${printable(line).replaceAll('\n', '\n  ')}\n`).join('')}`;
}

function text(value: unknown): string {
  return JSON.stringify(value, undefined, 2) ?? '';
}

/** What comes from outside may hold characters that steer a terminal. */
function printable(line: string): string {
  return line.replaceAll(/[^\P{Cc}\n\t]/gu, '�');
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

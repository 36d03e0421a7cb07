import type { JobState } from '../../base/model.ts';
import { splitNote, type FailedNode } from '../job/attempt-note.ts';
import type { StoreJob } from '../store/driver.ts';
import { dateOf, firstLine } from './list-jobs.ts';

/** One attempt. */
export interface AttemptTimes {
  startedAt: Date;
  /** Undefined if it runs. */
  endedAt: Date | undefined;
  /** First line of its error, at most 200 characters; undefined if it runs or has completed. */
  error: string | undefined;
}

/** What a store keeps of a job's attempts. */
interface Attempts {
  attemptsLog: AttemptTimes[];
  failedNode?: FailedNode;
  stacks: string[];
}

type Stored = Pick<StoreJob, 'stacktrace' | 'processedOn' | 'finishedOn' | 'failedReason'>;

/** Reads the attempts from a job's stacks; the last one is also in its fields. */
export function attemptsOf(job: Stored, state: JobState): Attempts {
  const noted = (job.stacktrace ?? []).map(splitNote);
  const attemptsLog: AttemptTimes[] = noted.flatMap(({ stack, note }) =>
    note ? { startedAt: new Date(note.started), endedAt: new Date(note.ended), error: errorOf(stack) } : [],
  );
  const startedAt = dateOf(job.processedOn);
  const hasEnded = state === 'completed' || state === 'dead';
  const isMissing = startedAt && startedAt > (attemptsLog.at(-1)?.startedAt ?? 0);
  if (isMissing && (hasEnded || state === 'running')) {
    const endedAt = hasEnded ? dateOf(job.finishedOn) : undefined;
    attemptsLog.push({
      startedAt,
      endedAt,
      error: state === 'dead' ? firstLine(job.failedReason) : undefined,
    });
  }
  const failedNode = noted.at(-1)?.note?.node;
  return { attemptsLog, ...(failedNode && { failedNode }), stacks: noted.map(({ stack }) => stack) };
}

/** A stack starts with the class of the error and its message. */
function errorOf(stack: string): string | undefined {
  return firstLine(stack.replace(/^(?:Unrecoverable)?Error: /, ''));
}

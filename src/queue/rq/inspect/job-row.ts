import type { AnyJobState } from '../../../base/model.ts';
import type { JobRow } from '../../inspect/list-jobs.ts';
import { readCall, type ReadCall } from '../read-call.ts';
import { readText } from '../read-result.ts';
import type { ReadPickle } from '../read-serialized.ts';
import type { FoundJob } from './read-rows.ts';

const LONGEST_TEXT = 200;

/** What a list shows of a job of RQ. */
export function jobRow(
  found: FoundJob,
  { queue, state, readPickle }: { queue: string; state: AnyJobState; readPickle: ReadPickle },
): JobRow {
  const { id, fields, score, exception } = found;
  const call = readCall(fields.data, readPickle);
  const topic = call?.msg['topic'];
  return {
    ...jobTimes(found),
    ...jobAttempts(found, state),
    id,
    name: jobName(found, call),
    queue,
    state,
    topic: typeof topic === 'string' ? topic : undefined,
    dueAt: state === 'delayed' && score !== undefined ? dateOf(score * 1000) : undefined,
    error: exception === '' ? undefined : lastLine(readText(exception)).slice(0, LONGEST_TEXT),
    progress: 0,
    worker: fields.worker_name.length > 0 ? { name: fields.worker_name.toString() } : undefined,
  };
}

/** The pipeline; of a job that cannot be read, how RQ describes it. */
export function jobName({ fields }: FoundJob, call: ReadCall | undefined): string {
  return (call?.name ?? fields.description.toString()).slice(0, LONGEST_TEXT);
}

export function jobTimes({ fields }: FoundJob): Pick<JobRow, 'addedAt' | 'startedAt' | 'finishedAt'> {
  const time = (text: Buffer) => (text.length > 0 ? dateOf(Date.parse(text.toString())) : undefined);
  return {
    addedAt: time(fields.created_at) ?? new Date(0),
    startedAt: time(fields.started_at),
    finishedAt: time(fields.ended_at),
  };
}

/** RQ counts only the retries that are left; jobs of this package know how many attempts they had. */
export function jobAttempts({ fields }: FoundJob, state: AnyJobState): Pick<JobRow, 'attempt' | 'attempts'> {
  const left = count(fields.retries_left);
  const attempts = Math.max(count(fields.fp_attempts), left + 1);
  const hasBegun = state === 'running' || state === 'completed' || state === 'dead';
  return { attempts, attempt: attempts - 1 - left + (hasBegun ? 1 : 0) };
}

function count(text: Buffer): number {
  const number = Number(text.toString());
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

/** Undefined for a time that there is not. */
function dateOf(time: number): Date | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Where Python says what the error is. */
function lastLine(traceback: string): string {
  return traceback.trimEnd().split('\n').at(-1) ?? '';
}

import type { JobRef } from '../../base/model.ts';
import { decodeValue } from '../../values/value-tags.ts';
import type { Progress } from '../attempt.ts';
import { dateOf } from '../inspect/list-jobs.ts';
import { splitNote } from '../job/attempt-note.ts';
import type { StoreJob } from '../store/driver.ts';
import type { JobHead } from '../store/queue-access.ts';
import { readWorkerName } from '../store/worker-name.ts';
import { isEnd, type JobEvent, type JobEventKind } from './job-event.ts';

/** What a store tells of an event without its job. */
export interface RawEvent {
  kind: JobEventKind;
  id: string | undefined;
  at: Date;
  /** Encoded. */
  result?: unknown;
  progress?: unknown;
}

/** The event of a job of which `head` is known; it is undefined if the job is gone. */
export function toEvent(raw: RawEvent, queue: string, head: JobHead | undefined): JobEvent {
  const { kind, id, at } = raw;
  const job: JobRef | undefined = id === undefined ? undefined : { id, name: head?.name ?? '', queue };
  return {
    kind,
    queue,
    job,
    at: (isEnd(kind) && dateOf(head?.finishedAt)) || at,
    ...(kind === 'completed' && { result: decodeValue(raw.result) }),
    ...(kind === 'progress' && { progress: decodeValue(raw.progress) as Progress }),
    ...((kind === 'dead' || kind === 'failed') && {
      error: errorOf(head?.error ?? 'the job is gone', head?.stack),
    }),
    ...(head && { attempt: head.attemptsMade, attempts: head.attempts }),
    worker: head?.worker === undefined ? undefined : readWorkerName(head.worker),
  };
}

/** What a worker of this process knows of an attempt that it ran. */
export interface OwnAttempt {
  queue: string;
  job: StoreJob;
  /** The worker's name. */
  worker: string | undefined;
  /** Encoded; or why it failed. */
  outcome: { result: unknown } | { error: Error };
}

/** The event of the end of an attempt in this process, for which nothing is read. */
export function ownEvent({ queue, job, worker, outcome }: OwnAttempt): JobEvent {
  const by = job.processedBy ?? worker;
  return {
    kind: kindOf(outcome, job),
    queue,
    job: { id: job.id ?? '', name: job.name, queue },
    at: new Date(job.finishedOn ?? Date.now()),
    ...('result' in outcome
      ? { result: decodeValue(outcome.result) }
      : { error: errorOf(outcome.error.message, outcome.error.stack) }),
    attempt: job.attemptsMade,
    attempts: job.opts.attempts ?? 1,
    worker: by === undefined ? undefined : readWorkerName(by),
  };
}

/** A failed job without an end is retried. */
export function kindOf(
  outcome: OwnAttempt['outcome'],
  { finishedOn }: StoreJob,
): 'completed' | 'dead' | 'failed' {
  if ('result' in outcome) return 'completed';
  return finishedOn === undefined ? 'failed' : 'dead';
}

function errorOf(message: string, stack: string | undefined): JobEvent['error'] {
  return { message, stack: stack === undefined ? undefined : splitNote(stack).stack };
}

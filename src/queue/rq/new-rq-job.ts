import { throwMistakes } from '../../base/mistakes.ts';
import { checkNewJob, jobId, ONCE_TTL, type NewJob } from '../job/new-job.ts';
import { deduplicationKey } from './keys.ts';
import { argumentNames, listenerArguments } from './listener-arguments.ts';
import type { RqQueueOptions } from './rq-options.ts';
import { retryIntervals } from './retry-intervals.ts';
import { writeCall } from './write-call.ts';

/** A key that holds the ID of the last job that was added with it, and may prevent that this one is added. */
export interface DeduplicationKey {
  key: string;
  /**
   * Which state of that job prevents it: `any`, only `unfinished`, or `none`. With its own ID in the key, this job is never added
   * again, because its write may be repeated.
   */
  preventedBy: 'any' | 'unfinished' | 'none';
  /** Milliseconds. */
  ttl: number;
  /** Whether the time begins anew with each job that is turned away. */
  extends: boolean;
}

/** What the enqueue script is told of a job. */
export interface RqJobOptions {
  jobId: string;
  /** Seconds since 1970; undefined: now. */
  due: number | undefined;
  atFront: boolean;
  deduplication: DeduplicationKey | undefined;
  /** JSON of the seconds before each retry; empty: none. They need a scheduler. */
  retryIntervals: string;
  /** Names and values of the job's hash by turns. */
  fields: (string | number | Buffer)[];
}

const LONGEST_DESCRIPTION = 200;
/** A job that never ends would hold its unique key for ever. */
const UNFINISHED_TTL = 30 * 86_400_000;
/** RQ writes them for every new job, empty. */
const EMPTY_FIELDS = [
  'success_callback_name',
  'failure_callback_name',
  'stopped_callback_name',
  'started_at',
  'ended_at',
  'last_heartbeat',
  'worker_name',
  'group_id',
].flatMap((name) => [name, '']);
/** The one priority that RQ has. */
const FIRST = 1;

/**
 * Writes a job as RQ does, with each field checked: a wrong status, time or id ends a worker.
 *
 * @throws OptionsError or SerializeError when the job is wrong as it stands
 */
export function encodeRqJob(job: NewJob, options: RqQueueOptions, limit: number) {
  check(job);
  const { data, size } = writeCall(
    { function: options.function, args: listenerArguments(job, options.base_dir), names: argumentNames },
    options.serializer,
    limit,
  );
  const retries = (job.attempts ?? options.max_retries + 1) - 1;
  const opts: RqJobOptions = {
    jobId: jobId(),
    due: job.delay ? Math.ceil((Date.now() + job.delay) / 1000) : undefined,
    atFront: job.priority === FIRST,
    deduplication: deduplicationOf(job, options.queue_name),
    retryIntervals: retryIntervals(options, retries),
    fields: fields(job, options, { data, retries }),
  };
  return { name: job.name, data, size, opts, staleKey: undefined };
}

function check(job: NewJob): void {
  checkNewJob(job);
  const { replace, keepLastIfActive } = job.deduplication ?? {};
  throwMistakes([
    (!replace && !keepLastIfActive) ||
      'deduplication can neither replace a job nor keep the last one: RQ has no such thing',
  ]);
}

function deduplicationOf({ deduplication, once }: NewJob, queue: string): DeduplicationKey | undefined {
  if (deduplication) {
    const { id, ttl, extend = false } = deduplication;
    const key = deduplicationKey(queue, 'unique', id);
    if (ttl !== undefined) return { key, preventedBy: 'any', ttl, extends: extend };
    return { key, preventedBy: 'unfinished', ttl: UNFINISHED_TTL, extends: true };
  }
  if (!once) return undefined;
  const key = deduplicationKey(queue, 'once', once.key);
  return { key, preventedBy: once.dup ? 'any' : 'none', ttl: ONCE_TTL, extends: false };
}

/** Those that RQ writes itself (`Job.to_dict` in job.py). A list, because making an object of them takes ten times as long. */
function fields(
  job: NewJob,
  { queue_name, timeout, result_ttl, failure_ttl }: RqQueueOptions,
  { data, retries }: { data: Buffer; retries: number },
): RqJobOptions['fields'] {
  const now = new Date().toISOString();
  const made: RqJobOptions['fields'] = [...EMPTY_FIELDS];
  made.push('created_at', now, 'data', data, 'origin', queue_name, 'description', description(job));
  made.push('timeout', timeout === 0 ? -1 : Math.ceil(timeout), 'status', job.delay ? 'scheduled' : 'queued');
  if (!job.delay) made.push('enqueued_at', now);
  else if (job.priority === FIRST) made.push('enqueue_at_front', 1);
  // RQ forgets how many there were; this field, which it keeps and does not read, is for the lists of this package.
  if (retries > 0) made.push('retries_left', retries, 'fp_attempts', retries + 1);
  if (result_ttl !== undefined) made.push('result_ttl', result_ttl);
  if (failure_ttl !== undefined) made.push('failure_ttl', failure_ttl);
  return made;
}

/** What workers log of a job, and RQ's tools show. */
function description({ name, msg: { topic } }: NewJob): string {
  const text = typeof topic === 'string' && topic !== '' ? `${name}: ${topic}` : name;
  return text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '\ufffd').slice(0, LONGEST_DESCRIPTION);
}

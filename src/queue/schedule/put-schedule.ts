import { isDeepStrictEqual } from 'node:util';
import type { JobSchedulerJson } from 'bullmq';
import { encodeJob } from '../job/job-data.ts';
import { jobOptions } from '../job/new-job.ts';
import type { QueueOptions } from '../options.ts';
import type { Store } from '../store/store.ts';
import { checkSchedule, type Schedule } from './schedule.ts';

/**
 * Stores a schedule, if the store does not have it as it is: to store it again would remove its job that is due and has
 * not run yet. Waits while the store is unavailable.
 *
 * @throws OptionsError or SerializeError if the schedule is invalid
 */
export async function putSchedule(store: Store, options: QueueOptions, schedule: Schedule): Promise<void> {
  checkSchedule(schedule);
  const { key, times, job } = schedule;
  // The worker tells each job when it was due.
  const { data } = encodeJob({ ...job.msg, executionTimestamp: '' });
  const wanted = { times, name: job.name, data, opts: jobOptions(job, options) };
  const queue = await store.queue(options.queue_name);
  const known = await queue.getJobScheduler(key);
  if (known && isDeepStrictEqual(stored(known), plain(comparable(wanted)))) return;
  await queue.upsertJobScheduler(key, 'every' in times ? aligned(times) : times, {
    name: job.name,
    data,
    // Each job begins its own trace, and does not continue that of the job before it.
    opts: { ...wanted.opts, telemetry: { omitContext: true } },
  });
}

/** Milliseconds in which a schedule is stored. If its start has passed by then, BullMQ begins at once, and keeps to that time. */
const STORING = 1000;

/**
 * Begins an interval at a multiple of it. BullMQ would begin at once, and gateways that store the schedule at the same time
 * would make one job each.
 */
function aligned({ every }: { every: number }): { every: number; startDate: number } {
  return { every, startDate: Math.ceil((Date.now() + STORING) / every) * every };
}

type Wanted = { times: Schedule['times']; name: string; data: unknown; opts: ReturnType<typeof jobOptions> };

function comparable({ times, name, data, opts: { attempts, backoff, priority } }: Wanted) {
  return { times, name, data, attempts, backoff, priority };
}

function stored({ pattern, tz, every, name, template }: JobSchedulerJson): unknown {
  const times = pattern === undefined ? { every } : { pattern, tz };
  const { attempts, backoff, priority } = template?.opts ?? {};
  return plain({ times, name, data: template?.data, attempts, backoff, priority });
}

/** As JSON: without properties that are undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

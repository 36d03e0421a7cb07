import type { Redis } from 'ioredis';
import type { JobDetails } from '../../inspect/read-job.ts';
import { jobKey } from '../keys.ts';
import { readCall } from '../read-call.ts';
import { readRqResult, type RqResult } from '../read-result.ts';
import type { ReadPickle } from '../read-serialized.ts';
import type { RqStore } from '../rq-store.ts';
import { noSuchJob } from './change-rq.ts';
import { jobAttempts, jobName, jobTimes } from './job-row.ts';
import { readJobFields, type FoundJob } from './read-rows.ts';
import { stateOf } from './states.ts';

/** Bytes; what is larger stays in Redis. */
const LARGEST_DATA = 2 * 1_048_576;

/**
 * Reads one job in full: its call as a message, and how it ended.
 *
 * @throws GiveUpError when the queue has no such job
 */
export async function readRqJob(
  store: RqStore,
  id: string,
  { queue, readPickle }: { queue: string; readPickle: ReadPickle },
): Promise<JobDetails> {
  const client = await store.client();
  const fields = await readJobFields(client, id);
  const state = stateOf(fields.status.toString());
  if (!state || fields.origin.toString() !== queue) throw noSuchJob({ queue, id });
  const [data, result] = await Promise.all([readData(client, id), readRqResult(store, id, readPickle)]);
  const call = data && readCall(data, readPickle);
  const found: FoundJob = { id, fields, position: [], score: undefined, exception: '' };
  return {
    ...jobTimes(found),
    ...jobAttempts(found, state),
    ...outcome(result),
    attemptsLog: [],
    id,
    name: jobName(found, call),
    queue,
    state,
    msg: call?.msg ?? { payload: 'a call that only Python can read' },
    backoff: undefined,
    priority: 0,
    delay: 0,
    progress: 0,
    log: [],
    logLength: 0,
    worker: fields.worker_name.length > 0 ? { name: fields.worker_name.toString() } : undefined,
  };
}

function outcome(result: RqResult | undefined): Pick<JobDetails, 'result' | 'error' | 'stacks'> {
  if (!result) return { result: undefined, error: undefined, stacks: [] };
  if ('value' in result) return { result: result.value, error: undefined, stacks: [] };
  const { traceback } = result;
  return { result: undefined, error: traceback.trimEnd().split('\n').at(-1), stacks: [traceback] };
}

async function readData(client: Redis, id: string): Promise<Buffer | undefined> {
  if ((await client.hstrlen(jobKey(id), 'data')) > LARGEST_DATA) return undefined;
  return (await client.hgetBuffer(jobKey(id), 'data')) ?? undefined;
}

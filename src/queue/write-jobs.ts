import { GiveUpError } from '../base/errors.ts';
import type { ErrorKind } from './store/driver.ts';
import { waitToRetry } from '../base/growing-delay.ts';
import { orInterrupted } from '../base/or-interrupted.ts';
import { errorText } from './store/error-text.ts';

/** A job in the form that its store takes. */
export interface EncodedJob {
  name: string;
  data: unknown;
  opts: { jobId: string };
  /** Key of an older message, which is deleted before the job is added. */
  staleKey: string | undefined;
  /** Approximate size of the data in bytes. */
  size: number;
}

/** A job on its way to the store. */
export interface Entry extends EncodedJob {
  stored: (id: string) => void;
  refused: (error: Error) => void;
}

type Stored = { id?: string | undefined };

/** Adds jobs to a queue: a queue of BullMQ, or an object with the same methods. */
export interface JobSink {
  add(name: string, data: unknown, opts: EncodedJob['opts']): Promise<Stored>;
  addBulk(jobs: EncodedJob[]): Promise<Stored[]>;
}

/** The parts of a store that writing needs. */
export interface Writing {
  queue: JobSink;
  removeKeys: (keys: string[]) => Promise<void>;
  classifyError: (error: unknown) => ErrorKind;
  /** Called with the reason if jobs must wait. */
  onWait: (reason: string) => void;
  closing: AbortSignal;
}

/** Bytes of a job's data above which a write of several jobs takes longer than a write for each. */
const LARGE = 32_768;

/** Removes the entries of the next write: at most `jobs`, with at most `size` bytes of data; a large one is alone. */
export function takeBatch(entries: Entry[], most: { jobs: number; size: number }): Entry[] {
  let size = 0;
  const isTooMuch = (entry: Entry, index: number) => {
    size += entry.size;
    const isWithLarge = Math.max(entry.size, entries[0]?.size ?? 0) > LARGE;
    return index >= most.jobs || (index > 0 && (size > most.size || isWithLarge));
  };
  const end = entries.findIndex(isTooMuch);
  return entries.splice(0, end === -1 ? entries.length : end);
}

/**
 * Retries a batch until each of its jobs is stored or rejected, however long the store is unavailable.
 *
 * A write whose answer was lost can be repeated, because the store ignores a job whose ID exists.
 *
 * @throws InterruptedError if `closing` aborts
 */
export async function writeJobs(batch: Entry[], writing: Writing): Promise<void> {
  let left = batch;
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > 1) await waitToRetry(attempt - 1, writing.closing);
    left = await write(left, writing);
  }
}

/** Attempts to write; returns the jobs to retry. */
async function write(batch: Entry[], writing: Writing): Promise<Entry[]> {
  try {
    await orInterrupted(add(batch, writing), writing.closing);
    return [];
  } catch (error) {
    if (writing.closing.aborted) throw error;
    const isAway = writing.classifyError(error) === 'away';
    if (!isAway && batch.length > 1) return writeEach(batch, writing);
    return isAway ? wait(batch, error, writing) : refuseOne(batch, error, writing);
  }
}

/** Writes jobs one by one, so that a job that the store rejects does not hold up the others. */
async function writeEach(batch: Entry[], writing: Writing): Promise<Entry[]> {
  const left: Entry[] = [];
  for (const entry of batch) left.push(...(await write([entry], writing)));
  return left;
}

function refuseOne(batch: Entry[], error: unknown, writing: Writing): Entry[] {
  if (writing.classifyError(error) !== 'refused') return wait(batch, error, writing);
  const refusal = new GiveUpError(`the store refused the job: ${errorText(error)}`, { cause: error });
  for (const entry of batch) entry.refused(refusal);
  return [];
}

function wait(batch: Entry[], error: unknown, { onWait }: Writing): Entry[] {
  onWait(errorText(error));
  return batch;
}

async function add(batch: Entry[], { queue, removeKeys }: Writing): Promise<void> {
  await removeStaleKeys(batch, removeKeys);
  const jobs = await store(batch, queue);
  for (const [index, entry] of batch.entries()) entry.stored(jobs[index]?.id ?? entry.opts.jobId);
}

/** Uses add() for a single job: on PostgreSQL it takes an eighth of the time of addBulk(). */
async function store(batch: Entry[], queue: JobSink): Promise<Stored[]> {
  const [only, ...others] = batch;
  if (!only || others.length > 0) return queue.addBulk(batch);
  return [await queue.add(only.name, only.data, only.opts)];
}

async function removeStaleKeys(batch: Entry[], removeKeys: Writing['removeKeys']): Promise<void> {
  const keys = batch.flatMap(({ staleKey }) => staleKey ?? []);
  if (keys.length === 0) return;
  await removeKeys(keys);
  // A repeated write must find the keys that its first try may have left.
  for (const entry of batch) entry.staleKey = undefined;
}

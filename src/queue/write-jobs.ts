import { GiveUpError } from '../errors.ts';
import type { ErrorKind } from './store/driver.ts';
import { waitToRetry } from './store/growing-delay.ts';
import { orInterrupted } from './store/or-interrupted.ts';
import { errorText } from './store/error-text.ts';

/** A job as its store takes it: the sink of the store knows the data and the options. */
export interface EncodedJob {
  name: string;
  data: unknown;
  opts: { jobId: string };
  /** The key of an older message that must not count; taken away once. */
  staleKey: string | undefined;
  /** About how many bytes the data takes. */
  size: number;
}

/** A job on its way to the store. */
export interface Entry extends EncodedJob {
  stored: (id: string) => void;
  refused: (error: Error) => void;
}

type Stored = { id?: string | undefined };

/** Takes jobs into a queue: a queue of BullMQ, or one that looks like it. */
export interface JobSink {
  add(name: string, data: unknown, opts: EncodedJob['opts']): Promise<Stored>;
  addBulk(jobs: EncodedJob[]): Promise<Stored[]>;
  removeDeduplicationKey(key: string): Promise<unknown>;
}

/** What writing needs of a store. */
export interface Writing {
  queue: JobSink;
  classifyError: (error: unknown) => ErrorKind;
  /** Hears why jobs must wait. */
  onWait: (reason: string) => void;
  closing: AbortSignal;
}

/**
 * Writes a batch until each of its jobs is stored or refused, however long the store is away.
 *
 * An id that is taken is left alone by the store, so a write whose answer was lost can be repeated.
 *
 * @throws InterruptedError when `closing` aborts
 */
export async function writeJobs(batch: Entry[], writing: Writing): Promise<void> {
  let left = batch;
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > 1) await waitToRetry(attempt - 1, writing.closing);
    left = await write(left, writing);
  }
}

/** One try; gives back what must be tried again. */
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

/** One job that the store refuses must not hold up the others. */
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

async function add(batch: Entry[], { queue }: Writing): Promise<void> {
  const removals = await Promise.allSettled(batch.map((entry) => removeStaleKey(entry, queue)));
  // Not before: one that ends late would take the key that the next try has stored.
  for (const removal of removals) if (removal.status === 'rejected') throw removal.reason;
  const jobs = await store(batch, queue);
  for (const [index, entry] of batch.entries()) entry.stored(jobs[index]?.id ?? entry.opts.jobId);
}

/** For one job alone, PostgreSQL needs an eighth of the time if it is not told to expect many. */
async function store(batch: Entry[], queue: JobSink): Promise<Stored[]> {
  const [only, ...others] = batch;
  if (!only || others.length > 0) return queue.addBulk(batch);
  return [await queue.add(only.name, only.data, only.opts)];
}

async function removeStaleKey(entry: Entry, queue: JobSink): Promise<void> {
  if (entry.staleKey === undefined) return;
  await queue.removeDeduplicationKey(entry.staleKey);
  // A repeated write must find the key that its first try may have left.
  entry.staleKey = undefined;
}

import { isWhole, throwMistakes } from '../../base/mistakes.ts';
import type { DeadError } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';
import { errorPattern } from './error-pattern.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** Dead letters that failed with the same error. */
export interface ErrorGroup {
  /** Selects the group in `list`, `retryAll` and `removeAll`. */
  key: string;
  /** First line, without its numbers, IDs and quoted parts; empty if the jobs have no error. */
  error: string;
  count: number;
  /** When the newest of them became a dead letter. */
  newest: Date;
}

/** The dead letters of a queue by their errors. */
export interface ErrorGroups {
  /** The most frequent first, at most 100. */
  groups: ErrorGroup[];
  /** Number of dead letters that were read. */
  read: number;
  /** False if the queue has more dead letters than were read, which are the newest. */
  isComplete: boolean;
}

/** What a dead letter failed with, and when. */
export type GroupedError = Pick<DeadError, 'error' | 'finishedAt'>;

const MOST_GROUPS = 100;
const MOST_READ = 10_000;
/** Dead letters per read: the store does nothing else meanwhile. */
const STEP = 1000;

/**
 * Groups the newest dead letters by their errors.
 *
 * @param options.mostRead how many are read, at most. Default: 10,000
 */
export async function groupErrors(
  store: Store,
  queueName: string,
  { mostRead = MOST_READ }: { mostRead?: number } = {},
): Promise<ErrorGroups> {
  throwMistakes([isWhole(mostRead, 1) || 'mostRead must be a whole number of 1 or more']);
  const { access } = await inspectedQueue(store, queueName);
  const found: DeadError[] = [];
  // One more than is read tells whether there are more.
  while (found.length <= mostRead) {
    const limit = Math.min(STEP, mostRead + 1 - found.length);
    const step = await access.deadErrors({ order: 'newest', limit, after: found.at(-1)?.position });
    found.push(...step);
    if (step.length < limit) break;
  }
  return errorGroups(found, mostRead);
}

/** Groups the first `mostRead` errors. */
export function errorGroups(found: GroupedError[], mostRead: number): ErrorGroups {
  const read = found.slice(0, mostRead);
  const groups = new Map<string, ErrorGroup>();
  for (const { error: text, finishedAt } of read) {
    const error = errorPattern(text);
    const group = groups.get(error) ?? { key: error, error, count: 0, newest: new Date(0) };
    group.count += 1;
    if (finishedAt > group.newest.getTime()) group.newest = new Date(finishedAt);
    groups.set(error, group);
  }
  const mostFrequent = [...groups.values()].toSorted((a, b) => b.count - a.count);
  return {
    groups: mostFrequent.slice(0, MOST_GROUPS),
    read: read.length,
    isComplete: found.length <= mostRead,
  };
}

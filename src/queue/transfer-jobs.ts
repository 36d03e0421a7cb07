import type { Imported } from './store/driver.ts';
import type { Store } from './store/store.ts';

/**
 * Exports all queues of an embedded store or of PostgreSQL: jobs in every state with their options, errors, results and logs,
 * unique keys, and which queues are paused.
 *
 * Yields lines of JSON without line breaks, one job or other row each, and holds few of them in memory. A job that is there
 * from the beginning to the end is exported once; others may be missing. Encoding: the columns of BullMQ's tables, times in
 * milliseconds since 1970.
 *
 * @throws GiveUpError on Redis
 */
export async function* exportJobs(store: Store): AsyncGenerator<string> {
  yield* (await store.transfer()).export();
}

/**
 * Adds exported jobs to an embedded store or to PostgreSQL. A job that the store has, by its queue and ID, stays as it is, so
 * an interrupted import can be repeated. Jobs that ran at the export wait for their next attempt. Running it twice after
 * jobs have run adds those again that the store no longer keeps.
 *
 * @param lines lines of `exportJobs`, for instance from Node.js's `readline`
 * @throws GiveUpError on Redis, or if the lines are no export or end early; what was read until then is in the store
 */
export async function importJobs(store: Store, lines: AsyncIterable<string>): Promise<Imported> {
  return (await store.transfer()).import(lines);
}

import type { PgPool } from 'bullmq';
import { STEP, type QueueAccess, type StateCounts } from '../queue-access.ts';
import { addMinute, readMinutes } from './history.ts';
import { readNote, writeNote } from './notes.ts';
import { readEnded } from './read-ended.ts';
import { readHeads } from './read-heads.ts';
import { readDeadErrors, readPage, stateOf } from './read-page.ts';

/** Each with the key of its index: without a bound of it, a table that was never analyzed is read whole. */
const counted: Readonly<Record<keyof StateCounts, string>> = {
  waiting: `state = '${stateOf.waiting}' AND priority = 0`,
  prioritized: `state = '${stateOf.waiting}' AND priority > 0`,
  running: `state = '${stateOf.running}' AND locked_until_ms >= 0`,
  delayed: `state = '${stateOf.delayed}' AND process_at_ms >= 0`,
  completed: `state = '${stateOf.completed}' AND finished_at_ms >= 0`,
  dead: `state = '${stateOf.dead}' AND finished_at_ms >= 0`,
};

const count = ([name, condition]: [string, string]) => `
  (SELECT count(*) FROM (
    SELECT FROM job WHERE queue = $1 AND ${condition} LIMIT $2 + 1
  ) AS counted) AS ${name}`;

const COUNTS = `SELECT ${Object.entries(counted).map(count).join()}`;

/** Skips from each priority to the next one in the index. */
const OLDEST_WAITING = `
  WITH RECURSIVE next_of_priority AS (
    (SELECT priority, added_at_ms, opts FROM job WHERE queue = $1 AND state = 'waiting'
     ORDER BY priority, seq LIMIT 1)
    UNION ALL
    SELECT next.* FROM next_of_priority AS previous, LATERAL (
      SELECT priority, added_at_ms, opts FROM job
      WHERE queue = $1 AND state = 'waiting' AND priority > previous.priority
      ORDER BY priority, seq LIMIT 1
    ) AS next
  )
  SELECT min(added_at_ms + coalesce((opts->>'delay')::numeric, 0)) AS due
  FROM (SELECT * FROM next_of_priority LIMIT 20) AS firsts`;

/** Jobs per step that BullMQ's functions change one by one: others wait for the embedded store meanwhile. */
const FEW = 50;

/** The row locks exclude workers and other actions until all jobs of the step are moved. */
const retry = (which: string) => `
  SELECT count(*) FILTER (WHERE reprocess_job($1, id, 'failed', false, true, true) = 1) AS changed
  FROM (
    SELECT id FROM job WHERE queue = $1 AND state = 'failed' AND ${which} FOR UPDATE SKIP LOCKED
  ) AS oldest`;

const RETRY_OLDEST = retry('finished_at_ms <= $2 ORDER BY finished_at_ms, id LIMIT $3');
const RETRY_THESE = retry('id = ANY ($2) ORDER BY finished_at_ms, id');

/** The function sees the data that the same statement has written. */
const RETRY_WITH = `
  WITH edited AS (
    UPDATE job SET data = $3 WHERE queue = $1 AND id = $2 AND state = 'failed' RETURNING id
  )
  SELECT count(*) FILTER (WHERE reprocess_job($1, id, 'failed', false, true, true) = 1) AS changed FROM edited`;

const REMOVE_THESE = `
  WITH removed AS (
    DELETE FROM job WHERE queue = $1 AND id = ANY ($2) AND state = 'failed' RETURNING 1
  )
  SELECT count(*) AS changed FROM removed`;

/** BullMQ's function also ends the job's deduplication and notifies its parent. */
const remove = (state: string, order: string) => `
  SELECT coalesce(sum(remove($1, id, false)), 0) AS changed
  FROM (
    SELECT id FROM job
    WHERE queue = $1 AND state = '${state}' AND scheduler_id IS NULL AND added_at_ms <= $2
    ORDER BY ${order} LIMIT ${FEW} FOR UPDATE SKIP LOCKED
  ) AS oldest`;

const removeFinished = (state: string) => `
  WITH removed AS (
    DELETE FROM job WHERE queue = $1 AND id IN (
      SELECT id FROM job WHERE queue = $1 AND state = '${state}' AND finished_at_ms <= $2
      ORDER BY finished_at_ms, id LIMIT ${STEP} FOR UPDATE SKIP LOCKED
    )
    RETURNING 1
  )
  SELECT count(*) AS changed FROM removed`;

/** In the order in which BullMQ locks keys. */
const REMOVE_KEYS = `
  DELETE FROM dedup WHERE queue = $1 AND dedup_id IN (
    SELECT dedup_id FROM dedup WHERE queue = $1 AND dedup_id = ANY ($2) ORDER BY dedup_id FOR UPDATE
  )`;

const removals = {
  waiting: remove('waiting', 'priority, seq'),
  delayed: remove('delayed', 'process_at_ms, id'),
  completed: removeFinished('completed'),
  dead: removeFinished('failed'),
};

/** Accesses a queue in BullMQ's tables through their indexes. */
export function sqlAccess(pool: Pick<PgPool, 'query'>, queue: string): QueueAccess {
  const ask = async (query: string, ...params: unknown[]) =>
    (await pool.query(query, [queue, ...params])).rows[0] ?? {};
  const change = async (query: string, ...params: unknown[]) =>
    Number((await ask(query, ...params))['changed']);
  return {
    async counts(most) {
      const counts = await ask(COUNTS, most);
      const of = (name: keyof StateCounts) => Number(counts[name]);
      return {
        waiting: of('waiting'),
        prioritized: of('prioritized'),
        running: of('running'),
        delayed: of('delayed'),
        completed: of('completed'),
        dead: of('dead'),
      };
    },
    async oldestWaiting() {
      const { due } = await ask(OLDEST_WAITING);
      return due === null ? undefined : Number(due);
    },
    heads: (ids, withResults = false) => readHeads(pool, queue, { ids, withResults }),
    ended: (request) => readEnded(pool, queue, request),
    page: (request) => readPage(pool, queue, request),
    deadErrors: (request) => readDeadErrors(pool, queue, request),
    retryStep: (until, most) => change(RETRY_OLDEST, until, Math.min(most, FEW)),
    retryDead: (ids) => retryInSteps(ids, (some) => change(RETRY_THESE, some)),
    removeDead: (ids) => change(REMOVE_THESE, ids),
    retryWith: async (id, data) => (await change(RETRY_WITH, id, JSON.stringify(data))) === 1,
    addMinute: (counts) => addMinute(pool, queue, counts),
    readMinutes: (request) => readMinutes(pool, queue, request),
    readNote: (name) => readNote(pool, queue, name),
    writeNote: (name, text) => writeNote(pool, queue, { name, text }),
    removeKeys: async (keys) => void (await ask(REMOVE_KEYS, keys)),
    removeStep: (state, until) => change(removals[state], until),
  };
}

async function retryInSteps(ids: string[], change: (some: string[]) => Promise<number>): Promise<number> {
  let retried = 0;
  for (let first = 0; first < ids.length; first += FEW)
    retried += await change(ids.slice(first, first + FEW));
  return retried;
}

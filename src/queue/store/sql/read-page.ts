import type { PgPool } from 'bullmq';
import type { JobState } from '../../../base/model.ts';
import {
  LONGEST_ERROR,
  type DeadError,
  type PageRequest,
  type Position,
  type StoredRow,
} from '../queue-access.ts';

/** PostgreSQL's names of the states. */
export const stateOf: Readonly<Record<JobState, string>> = {
  waiting: 'waiting',
  running: 'active',
  delayed: 'delayed',
  completed: 'completed',
  dead: 'failed',
};

/** Sort keys of the lists. All have an index, except that of the running jobs, which are few. */
const sortKeys: Readonly<Record<JobState, [string, 'seq' | 'id']>> = {
  waiting: ['priority', 'seq'],
  running: ['processed_at_ms', 'id'],
  delayed: ['process_at_ms', 'id'],
  completed: ['finished_at_ms', 'id'],
  dead: ['finished_at_ms', 'id'],
};

/**
 * Bounds before the first and after the last key. Without a bound, PostgreSQL reads the whole of a table that was never
 * analyzed.
 */
const ends = {
  oldest: { seq: [-1, 0], id: [-1, ''] },
  newest: { seq: [2_147_483_647, 0], id: [Number.MAX_SAFE_INTEGER, ''] },
} as const;

/** Reads the data once: each read decompresses all of it. */
const TOPIC = `
  (SELECT CASE jsonb_typeof(found) WHEN 'string' THEN found #>> '{}' END
   FROM (SELECT data->'mqtt_topic' AS found OFFSET 0) AS once) AS topic`;

const COLUMNS = `
  id, name, added_at_ms, processed_at_ms, finished_at_ms, process_at_ms, attempts_made, max_attempts, progress,
  processed_by, left(failed_reason, 2000) AS error, ${TOPIC}`;

/** Reads a part of a list by its sort key, so that jobs added or removed before it don't shift the page. */
export async function readPage(
  pool: Pick<PgPool, 'query'>,
  queue: string,
  request: PageRequest,
): Promise<StoredRow[]> {
  const { text, values } = select(COLUMNS, queue, request);
  return (await pool.query(text, values)).rows.map(toRow);
}

/** Reads the errors of a part of the dead letters. */
export async function readDeadErrors(
  pool: Pick<PgPool, 'query'>,
  queue: string,
  request: Omit<PageRequest, 'state'>,
): Promise<DeadError[]> {
  const { text, values } = select(ERROR, queue, { ...request, state: 'dead' });
  return (await pool.query(text, values)).rows.map((row) => ({
    position: positionOf(row),
    id: String(row['id']),
    finishedAt: Number(row['sort_first']),
    error: textOf(row['error']) ?? '',
  }));
}

const ERROR = `id, left(split_part(left(failed_reason, 2000), E'\\n', 1), ${LONGEST_ERROR}) AS error`;

function select(columns: string, queue: string, { state, order, limit, after }: PageRequest) {
  const [first, second] = sortKeys[state];
  const [compare, direction] = order === 'oldest' ? ['>', 'ASC'] : ['<', 'DESC'];
  return {
    text: `SELECT ${columns}, ${first} AS sort_first, ${second} AS sort_second
     FROM job
     WHERE queue = $1 AND state = '${stateOf[state]}' AND (${first}, ${second}) ${compare} ($3, $4)
     ORDER BY ${first} ${direction}, ${second} ${direction} LIMIT $2`,
    values: [queue, limit, ...(after ?? ends[order][second])],
  };
}

function toRow(row: Record<string, unknown>): StoredRow {
  return {
    position: positionOf(row),
    id: String(row['id']),
    name: String(row['name']),
    topic: textOf(row['topic']),
    addedAt: Number(row['added_at_ms']),
    startedAt: timeOf(row['processed_at_ms']),
    finishedAt: timeOf(row['finished_at_ms']),
    dueAt: timeOf(row['process_at_ms']),
    attemptsMade: Number(row['attempts_made']),
    attempts: Number(row['max_attempts']),
    error: textOf(row['error']),
    progress: row['progress'] ?? 0,
    worker: textOf(row['processed_by']),
  };
}

function positionOf(row: Record<string, unknown>): Position {
  return [String(row['sort_first']), String(row['sort_second'])];
}

export function timeOf(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

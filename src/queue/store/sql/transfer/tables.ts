import type { PgPool } from 'bullmq';

/** What runs the queries: a pool, a session, or PGlite. Unqualified names must mean BullMQ's schema. */
export type Client = Pick<PgPool, 'query'>;

/**
 * BullMQ's tables that an export has, with their primary keys; a table stands before those that refer to it. Events and
 * metrics are left out.
 */
export const TABLES = {
  meta: ['queue', 'field'],
  job: ['queue', 'id'],
  job_log: ['queue', 'job_id', 'idx'],
  job_dependency: ['parent_queue', 'parent_id', 'child_key'],
  dedup: ['queue', 'dedup_id'],
  dedup_next: ['queue', 'dedup_id'],
  scheduler: ['queue', 'scheduler_id'],
  rate_limit: ['queue'],
} as const;

export type Table = keyof typeof TABLES;

export const tables = Object.keys(TABLES) as Table[];

/** Types of a table's columns by their names. */
export type Columns = Map<string, string>;

const COLUMNS = `
  SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
  WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

/** Reads the columns of a table; empty if the table does not exist. */
export async function columnsOf(client: Client, table: Table): Promise<Columns> {
  const { rows } = await client.query<{ name: string; type: string }>(COLUMNS, [table]);
  return new Map(rows.map(({ name, type }) => [name, type]));
}

import type { PgPool } from 'bullmq';

type Pool = Pick<PgPool, 'query'>;

const READ = `SELECT value FROM meta WHERE queue = $1 AND field = $2`;

const WRITE = `
  INSERT INTO meta (queue, field, value) VALUES ($1, $2, $3)
  ON CONFLICT (queue, field) DO UPDATE SET value = excluded.value`;

const REMOVE = `DELETE FROM meta WHERE queue = $1 AND field = $2`;

/** Reads a note, which is a row beside BullMQ's settings of the queue. */
export async function readNote(pool: Pool, queue: string, name: string): Promise<string | undefined> {
  const { value } = (await pool.query(READ, [queue, name])).rows[0] ?? {};
  return typeof value === 'string' ? value : undefined;
}

/** Replaces a note; undefined removes it. */
export async function writeNote(
  pool: Pool,
  queue: string,
  { name, text }: { name: string; text: string | undefined },
): Promise<void> {
  if (text === undefined) await pool.query(REMOVE, [queue, name]);
  else await pool.query(WRITE, [queue, name, text]);
}

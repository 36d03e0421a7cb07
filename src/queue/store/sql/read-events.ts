import type { PgPool } from 'bullmq';

/** Events that are looked at, which are more than a queue keeps. */
const NEWEST = 1000;

const READ = `
  SELECT id, is_new, CASE WHEN is_new THEN event END AS event, CASE WHEN is_new THEN data END AS data
    FROM (SELECT id, event, data, id <> ALL ($3::bigint[]) AS is_new FROM event
           WHERE queue = $1 AND id > $2 ORDER BY id DESC LIMIT ${NEWEST}) AS newest
   ORDER BY id`;

/** An event in the form that BullMQ expects: its ID, and then names and values in turn. */
export type ReadEvent = [id: string, fields: string[]];

/**
 * Reads the events of a queue that have come since the first call, which returns none.
 *
 * An event gets its ID before it is committed, so it may be seen after one with a higher ID. BullMQ asks only for higher
 * ones and misses it; here the IDs of those read are remembered for as long as the table has them.
 */
export function eventReader(pool: Pick<PgPool, 'query'>, queue: string): () => Promise<ReadEvent[]> {
  let start: string | undefined;
  let read: string[] = [];
  return async () => {
    const isFirst = start === undefined;
    const { rows } = await pool.query(READ, [queue, start ?? '0', read]);
    read = rows.map(({ id }) => String(id));
    start ??= read[0] ?? '0';
    const added = isFirst ? [] : rows.filter(({ is_new: isNew }) => isNew);
    return added.map(({ id, event, data }) => [String(id), fieldsOf(event, data)]);
  };
}

function fieldsOf(event: unknown, data: Record<string, unknown> | null): string[] {
  return [
    'event',
    String(event),
    ...Object.entries(data ?? {})
      .flat()
      .map(String),
  ];
}

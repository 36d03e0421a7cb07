import type { Client, Table } from './tables.ts';

/** Numbers that BullMQ gives to jobs: their order, and the IDs of jobs that were added without one. */
export interface Numbers {
  /** Notes the numbers of a row. */
  note: (table: Table, row: Record<string, unknown>) => void;
  /** Makes the store go on behind the noted numbers. */
  goOn: (client: Client) => Promise<void>;
}

const ORDER = `
  SELECT setval('job_seq', greatest(nextval('job_seq'), $1::bigint))`;
/** Makes the sequence of the queue's IDs if it is missing. */
const NEXT_ID = 'SELECT next_job_id($1)';
const IDS = `
  SELECT setval(job_id_seq_name($1)::regclass, greatest(nextval(job_id_seq_name($1)::regclass), $2::bigint))`;

export function openNumbers(): Numbers {
  let order = 0;
  const ids = new Map<string, number>();
  return {
    note(table, { seq, queue, id }) {
      if (table !== 'job') return;
      order = Math.max(order, Math.abs(Number(seq)) || 0);
      const name = String(queue);
      if (/^\d{1,15}$/.test(String(id))) ids.set(name, Math.max(ids.get(name) ?? 0, Number(id)));
    },
    async goOn(client) {
      await client.query(ORDER, [order]);
      for (const [queue, id] of ids) {
        await client.query(NEXT_ID, [queue]);
        await client.query(IDS, [queue, id]);
      }
    },
  };
}

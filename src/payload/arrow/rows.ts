import type * as Arrow from 'apache-arrow';
import { MOST_VALUES } from '../bounded.ts';
import type { Decoded } from '../define-format.ts';
import { arrowCells } from './cell.ts';

/** Reads the rows of Arrow IPC, a stream or a file (https://arrow.apache.org/docs/format/Columnar.html); throws an Error. */
export function rowsOf(arrow: typeof Arrow, payload: Buffer): Decoded {
  const { schema, batches } = arrow.tableFromIPC(payload);
  if (schema.fields.length === 0) throw new Error('it has no columns');
  const reading = { arrow, left: MOST_VALUES };
  return {
    payload: batches.flatMap(({ data }) => arrowCells(reading, data, [0, data.length])),
    schema: schema.fields.map(({ name, type, nullable }) => ({ name, type: String(type), nullable })),
  };
}

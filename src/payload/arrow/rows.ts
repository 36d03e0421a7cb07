import type * as Arrow from 'apache-arrow';
import type { Decoded } from '../decoded.ts';
import { setOwn } from '../own-property.ts';
import { arrowCell, spend } from './cell.ts';

/** Counted twice: as a cell of the table, and when it is read. */
const MOST_VALUES = 2_000_000;

/** Reads the rows of Arrow IPC, a stream or a file (https://arrow.apache.org/docs/format/Columnar.html); throws an Error. */
export function rowsOf(arrow: typeof Arrow, payload: Buffer): Decoded {
  const table = arrow.tableFromIPC(payload);
  const { fields } = table.schema;
  if (fields.length === 0) throw new Error('it has no columns');
  const schema = fields.map(({ name, type, nullable }) => ({ name, type: String(type), nullable }));
  const reading = { arrow, left: MOST_VALUES };
  spend(reading, table.numRows * fields.length);
  const rows = Array.from({ length: table.numRows }, (_, index) => {
    const row: Record<string, unknown> = {};
    for (const [column, { name }] of fields.entries()) {
      setOwn(row, name, arrowCell(reading, table.getChildAt(column), index));
    }
    return row;
  });
  return { payload: rows, schema };
}

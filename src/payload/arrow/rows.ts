import type * as Arrow from 'apache-arrow';
import { arrowCell, spend } from './cell.ts';
import { setOwn } from '../own-property.ts';

/** Counted twice: as a cell of the table, and when it is read. */
const MOST_VALUES = 2_000_000;

/** One column of a table. */
export interface Column {
  name: string;
  /** In Arrow's own words, for instance `Timestamp<MICROSECOND, UTC>`. */
  type: string;
  nullable: boolean;
}

/** A table as rows, and what its columns are. */
export interface Rows {
  rows: Record<string, unknown>[];
  schema: Column[];
}

/** Reads Arrow IPC, a stream or a file (https://arrow.apache.org/docs/format/Columnar.html); throws an Error. */
export function rowsOf(arrow: typeof Arrow, payload: Buffer): Rows {
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
  return { rows, schema };
}

/**
 * The format of an export: lines of JSON. The first is the header, the last has the number of rows; the lines between have
 * one row of a table each, without the columns that are NULL.
 */
import { GiveUpError } from '../../../../base/errors.ts';
import { TABLES, type Client, type Columns, type Table } from './tables.ts';

const FORMAT = 'flowerpower-mqtt jobs';

export const HEADER = JSON.stringify({ format: FORMAT, version: 1 });

export function trailer(rows: number): string {
  return JSON.stringify({ rows });
}

/** @throws GiveUpError if the first line of a file is not `HEADER` */
export function checkHeader(line: string): void {
  const { format, version } = parse(line) ?? {};
  if (format !== FORMAT) throw new GiveUpError('line 1 is not the start of an export of jobs');
  if (version !== 1) throw new GiveUpError('a newer version of this package made the export');
}

/** A row of a table, or the end of the export. */
export type Line = { table: Table; row: Record<string, unknown> } | { rows: number };

/** @throws GiveUpError that names the line */
export function readLine(text: string, number: number): Line {
  const { table, row, rows } = parse(text) ?? {};
  if (typeof rows === 'number') return { rows };
  if (typeof table === 'string' && table in TABLES && typeof row === 'object' && row !== null) {
    return { table: table as Table, row: row as Record<string, unknown> };
  }
  throw new GiveUpError(`line ${number} of the export is neither a row of a known table nor its end`);
}

/** Selects lines; `where` may have ORDER BY and LIMIT. The database writes the JSON, so no digit of a number is lost. */
export async function selectLines(
  client: Client,
  {
    table,
    columns,
    where,
    values = [],
  }: { table: Table; columns: Columns; where: string; values?: unknown[] },
): Promise<{ line: string; key: string[] }[]> {
  const nulls = [...columns.keys()].map((name) => `CASE WHEN "${name}" IS NULL THEN '${name}' END`);
  const key = TABLES[table].map((name) => `"${name}"::text`);
  const { rows } = await client.query<{ line: string; key: string[] }>(
    `SELECT jsonb_build_object('table', '${table}', 'row',
       to_jsonb(${table}) - array_remove(ARRAY[${nulls.join()}], NULL))::text AS line, ARRAY[${key.join()}] AS key
     FROM ${table} ${where}`,
    values,
  );
  return rows;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

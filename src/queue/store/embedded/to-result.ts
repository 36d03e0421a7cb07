import type { PgQueryResult } from 'bullmq';
import { fromText } from './from-text.ts';
import type { ResultSet } from './database-messages.ts';

interface Result extends PgQueryResult<Record<string, unknown>> {
  command: string;
}

/** Converts results to the form of node-postgres: an array for several statements. */
export function toResult<R>(sets: ResultSet[]): PgQueryResult<R> {
  const results = sets.map(toOne);
  return (results.length === 1 ? results[0] : results) as PgQueryResult<R>;
}

function toOne({ command, rowCount, columns, rows }: ResultSet): Result {
  const toRow = (row: (string | null)[]) =>
    Object.fromEntries(columns.map(({ name, type }, index) => [name, fromText(row[index] ?? null, type)]));
  return { command, rowCount, rows: rows.map(toRow) };
}

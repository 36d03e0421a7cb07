import { GiveUpError } from '../../../../base/errors.ts';
import type { Imported } from '../../driver.ts';
import { errorText } from '../../error-text.ts';
import { classifySqlError } from '../sql-errors.ts';
import { checkHeader, readLine } from './lines.ts';
import { openNumbers } from './numbers.ts';
import { columnsOf, type Client, type Columns, type Table } from './tables.ts';

export interface ImportOptions {
  /** What becomes of jobs that ran at the export: nobody else runs them, or this process still does. */
  running: 'wait' | 'run on';
}

/** Rows of one table that have the same columns. */
interface Batch {
  table: Table;
  names: string[];
  lines: string[];
  length: number;
}

const MOST_ROWS = 100;
/** Characters. */
const LONGEST = 1_000_000;

const WAITING = `
  CASE WHEN r->>'state' = 'active'
    THEN r || '{"state": "waiting", "lock_token": null, "locked_until_ms": null, "stalled_marked": false}'
    ELSE r END`;

/** Rows without their job are left out: its log, and a key that would keep others out until the job has finished. */
const WANTED: Partial<Record<Table, string>> = {
  job_log: `EXISTS (SELECT FROM job WHERE queue = r->>'queue' AND id = r->>'job_id')`,
  job_dependency: `EXISTS (SELECT FROM job WHERE queue = r->>'parent_queue' AND id = r->>'parent_id')`,
  dedup: `r ? 'expire_at_ms' OR EXISTS (SELECT FROM job WHERE queue = r->>'queue' AND id = r->>'job_id')`,
};

/**
 * Adds the rows of an export. Rows whose key exists stay as they are, so an interrupted import can be repeated.
 *
 * @throws GiveUpError if the lines are no export, or end early; what was read until then is in the store
 */
export async function importRows(
  client: Client,
  lines: AsyncIterable<string>,
  { running }: ImportOptions,
): Promise<Imported> {
  const imported: Imported = { jobs: 0, refused: 0 };
  const numbers = openNumbers();
  const columns = new Map<Table, Columns>();
  const knownColumns = async (table: Table) => {
    const known = columns.get(table) ?? (await columnsOf(client, table));
    columns.set(table, known);
    return known;
  };
  for await (const batch of batchesOf(lines, numbers.note)) {
    await insert(batch, await knownColumns(batch.table));
  }
  await numbers.goOn(client);
  return imported;

  async function insert(batch: Batch, known: Columns): Promise<void> {
    try {
      const { rowCount } = await client.query(insertion(batch, known, running), [`[${batch.lines.join()}]`]);
      if (batch.table === 'job') imported.jobs += rowCount ?? 0;
    } catch (error) {
      if (classifySqlError(error) !== 'refused') throw error;
      if (batch.lines.length === 1) {
        imported.refused += 1;
        imported.reason ??= errorText(error);
      }
      // Halves, so that one row that the store refuses does not hold up the others.
      else for (const half of halves(batch)) await insert(half, known);
    }
  }
}

async function* batchesOf(
  lines: AsyncIterable<string>,
  note: (table: Table, row: Record<string, unknown>) => void,
): AsyncGenerator<Batch> {
  let [number, read, total] = [0, 0, -1];
  let batch: Batch | undefined;
  for await (const text of lines) {
    number += 1;
    if (number === 1) checkHeader(text);
    if (number === 1 || text.trim() === '') continue;
    const line = readLine(text, number);
    if ('rows' in line) {
      total = line.rows;
      continue;
    }
    read += 1;
    note(line.table, line.row);
    if (batch && !fits(batch, line)) {
      yield batch;
      batch = undefined;
    }
    batch ??= { table: line.table, names: Object.keys(line.row), lines: [], length: 0 };
    batch.lines.push(text);
    batch.length += text.length;
  }
  if (batch) yield batch;
  if (read !== total) throw new GiveUpError(`the export is not whole: it ends after ${read} rows`);
}

function fits(batch: Batch, { table, row }: { table: Table; row: object }): boolean {
  const hasRoom = batch.lines.length < MOST_ROWS && batch.length < LONGEST;
  return hasRoom && batch.table === table && batch.names.join() === Object.keys(row).join();
}

function halves({ lines, ...batch }: Batch): Batch[] {
  const middle = Math.ceil(lines.length / 2);
  return [lines.slice(0, middle), lines.slice(middle)].map((half) => ({ ...batch, lines: half }));
}

/** Only names columns that the table has: others may come from another version, or from anybody. */
function insertion(
  { table, names, lines: _lines }: Batch,
  columns: Columns,
  running: ImportOptions['running'],
) {
  const types = names.flatMap((name) => {
    const type = columns.get(name);
    return type === undefined ? [] : [{ name, type }];
  });
  const values = types.map(({ name, type }) =>
    // A cast of the JSON would make SQL's NULL of JSON's null.
    type === 'jsonb' ? `r->'${name}'` : `(r->>'${name}')::${type}`,
  );
  const row = table === 'job' && running === 'wait' ? WAITING : 'r';
  return `
    INSERT INTO ${table} (${types.map(({ name }) => `"${name}"`).join()})
    SELECT ${values.join()}
    FROM (SELECT ${row} AS r FROM (SELECT value->'row' AS r FROM jsonb_array_elements($1::jsonb)) AS given) AS rows
    WHERE ${WANTED[table] ?? 'true'}
    ON CONFLICT DO NOTHING`;
}

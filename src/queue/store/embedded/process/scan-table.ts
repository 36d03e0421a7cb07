import { selectLines } from '../../sql/transfer/lines.ts';
import { columnsOf, type Client, type Columns, type Table } from '../../sql/transfer/tables.ts';

/** What was read of one page of a table. */
export interface Page {
  lines: string[];
  /** Rows of which a part, in another file, is damaged. */
  lostRows: number;
  /** The page itself is damaged. */
  isLost: boolean;
}

const PAGES = `
  SELECT pg_relation_size(to_regclass($1)) / current_setting('block_size')::int AS pages`;

/** PostgreSQL reads the first page of each valid index of a table, even if it then reads the table without one. */
const WITHOUT_INDEXES = 'UPDATE pg_index SET indisvalid = false WHERE indrelid = $1::regclass';

/** Of the file that has the large values of a table. */
const INDEX_OF_LARGE = `
  SELECT reltoastrelid::regclass::text AS name FROM pg_class WHERE oid = to_regclass($1) AND reltoastrelid <> 0`;

/**
 * Reads a table of a copy page by page, without its indexes, which may be damaged, too. A row whose page is damaged is left out, and so is
 * one that has a large value that is damaged.
 */
export async function* scanTable(client: Client, table: Table): AsyncGenerator<Page> {
  const columns = await columnsOf(client, table);
  if (columns.size === 0) return;
  await client.query(WITHOUT_INDEXES, [table]);
  await remakeIndexOfLarge(client, table);
  const { rows } = await client.query<{ pages: string }>(PAGES, [table]);
  const pages = Number(rows[0]?.pages ?? 0);
  for (let page = 0; page < pages; page++) yield await readPage(client, { table, columns }, page);
}

interface Source {
  table: Table;
  columns: Columns;
}

async function readPage(client: Client, { table, columns }: Source, page: number): Promise<Page> {
  const where = `WHERE ctid >= '(${page},0)' AND ctid < '(${page + 1},0)'`;
  try {
    const rows = await selectLines(client, { table, columns, where });
    return { lines: rows.map(({ line }) => line), lostRows: 0, isLost: false };
  } catch (error) {
    throwUnlessDamage(error);
  }
  try {
    const { rows } = await client.query<{ place: string }>(
      `SELECT ctid::text AS place FROM ${table} ${where}`,
    );
    return await readRows(
      client,
      { table, columns },
      rows.map(({ place }) => place),
    );
  } catch (error) {
    throwUnlessDamage(error);
    return { lines: [], lostRows: 0, isLost: true };
  }
}

async function readRows(client: Client, source: Source, places: string[]): Promise<Page> {
  const page: Page = { lines: [], lostRows: 0, isLost: false };
  for (const place of places) {
    try {
      const rows = await selectLines(client, { ...source, where: `WHERE ctid = '${place}'` });
      page.lines.push(...rows.map(({ line }) => line));
    } catch (error) {
      throwUnlessDamage(error);
      page.lostRows += 1;
    }
  }
  return page;
}

/** PostgreSQL finds large values through an index only. Damaged pages count as empty, so that the index can be made. */
async function remakeIndexOfLarge(client: Client, table: Table): Promise<void> {
  try {
    await client.query('SET zero_damaged_pages = on');
    const { rows } = await client.query<{ name: string }>(INDEX_OF_LARGE, [table]);
    for (const { name } of rows) await client.query(`REINDEX TABLE ${name}`);
  } catch (error) {
    throwUnlessDamage(error);
  } finally {
    await client.query('SET zero_damaged_pages = off');
  }
}

/** PostgreSQL's answers have a code (SQLSTATE); without one, the process or its memory is in trouble. */
function throwUnlessDamage(error: unknown): void {
  if (typeof Object(error).code !== 'string') throw error;
}

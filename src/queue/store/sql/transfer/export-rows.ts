import { HEADER, selectLines, trailer } from './lines.ts';
import { columnsOf, TABLES, tables, type Client, type Table } from './tables.ts';

/** Rows that are read together: each may have a message and a result of 1 MiB. */
const AT_ONCE = 25;

/** Reads the rows of all queues as lines, without line breaks. A row that stays meanwhile is read once. */
export async function* exportRows(client: Client): AsyncGenerator<string> {
  yield HEADER;
  let rows = 0;
  for (const table of tables) {
    for await (const line of readTable(client, table)) {
      rows += 1;
      yield line;
    }
  }
  yield trailer(rows);
}

async function* readTable(client: Client, table: Table): AsyncGenerator<string> {
  const columns = await columnsOf(client, table);
  const key = TABLES[table].join();
  const places = TABLES[table].map((_, index) => `$${index + 1}`).join();
  const order = `ORDER BY ${key} LIMIT ${AT_ONCE}`;
  let page = await selectLines(client, { table, columns, where: order });
  while (page.length > 0) {
    for (const { line } of page) yield line;
    const values = page.at(-1)?.key ?? [];
    page = await selectLines(client, {
      table,
      columns,
      where: `WHERE (${key}) > (${places}) ${order}`,
      values,
    });
  }
}

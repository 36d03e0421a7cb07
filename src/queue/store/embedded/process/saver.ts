/** Reads the jobs of a directory that another PostgreSQL made, or that is damaged. `saveJobs` starts this process. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { HEADER, trailer } from '../../sql/transfer/lines.ts';
import { tables, type Client } from '../../sql/transfer/tables.ts';
import { keepRunning } from './keep-running.ts';
import type { Saved } from './save-jobs.ts';
import { scanTable } from './scan-table.ts';
import { sync, syncDirectory } from './sync.ts';

/** Sent while it reads, and with `saved` or `failure` at the end. */
export interface SaverReport {
  saved?: Saved;
  /** Why the jobs cannot be read. */
  failure?: string;
}

/** The parts that all versions of PGlite have. */
interface PGliteOfAnyVersion extends Client {
  waitReady: Promise<void>;
  exec(text: string): Promise<unknown>;
}

const [, , directory = '', pglite = '', file = ''] = process.argv;

keepRunning();
process.on('disconnect', () => process.exit(1));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

void run();

async function run(): Promise<void> {
  const exit = () => process.exit();
  try {
    report({ saved: await save() }, exit);
  } catch (error) {
    report({ failure: (error as Error).message }, exit);
  }
}

async function save(): Promise<Saved> {
  const { PGlite } = require(pglite) as { PGlite: new (path: string) => PGliteOfAnyVersion };
  const database = new PGlite(directory);
  await database.waitReady;
  await database.exec('SET search_path = bullmq');
  const saved = await write(database);
  sync(file);
  syncDirectory(dirname(file));
  // Don't close it: the copy is removed.
  return saved;
}

async function write(client: Client): Promise<Saved> {
  const stream = createWriteStream(file, { mode: 0o600 });
  const saved: Saved = { jobs: 0, lostJobs: 0, lostPages: 0 };
  let rows = 0;
  const writeLine = async (line: string) => {
    if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  };
  await writeLine(HEADER);
  for (const table of tables) {
    for await (const page of scanTable(client, table)) {
      for (const line of page.lines) await writeLine(line);
      rows += page.lines.length;
      if (table === 'job') {
        saved.jobs += page.lines.length;
        saved.lostJobs += page.lostRows;
        saved.lostPages += page.isLost ? 1 : 0;
      }
      report({});
    }
  }
  await writeLine(trailer(rows));
  stream.end();
  await once(stream, 'close');
  return saved;
}

function report(message: SaverReport, sent?: () => void): void {
  process.send?.(message, undefined, undefined, () => sent?.());
}

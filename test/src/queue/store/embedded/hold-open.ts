/**
 * A process that opens a directory, adds rows one after the other, and reports the number of each confirmed row. It has only
 * the database, without BullMQ, which takes long to load.
 */
import { NO_SESSION } from '../../../../../src/queue/store/embedded/database-messages.ts';
import { startDatabaseProcess } from '../../../../../src/queue/store/embedded/database-process.ts';

const [, , directory = '', round] = process.argv;

void run();

async function run(): Promise<void> {
  const ignore = () => undefined;
  const listeners = { onNotification: ignore, onWarning: ignore, onEnd: ignore };
  const database = await startDatabaseProcess(directory, listeners, new AbortController().signal);
  process.send?.('opened');
  if (round === undefined) return;
  await database.query(NO_SESSION, 'CREATE TABLE IF NOT EXISTS confirmed (round int, n int)');
  for (let n = 1; ; n++) {
    await database.query(NO_SESSION, 'INSERT INTO confirmed VALUES ($1, $2)', [round, String(n)]);
    process.send?.(n);
  }
}

/** A process that opens a directory, adds rows one after the other, and reports the number of each confirmed row. */
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';

const [, , directory = '', isWriting] = process.argv;

void run();

async function run(): Promise<void> {
  const pool = await openEmbeddedDatabase(directory);
  process.send?.('opened');
  if (!isWriting) return;
  await pool.query('CREATE TABLE IF NOT EXISTS confirmed (n int)');
  for (let n = 1; ; n++) {
    await pool.query('INSERT INTO confirmed VALUES ($1)', [n]);
    process.send?.(n);
  }
}

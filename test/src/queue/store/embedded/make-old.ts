/** Makes a database with 30 jobs of the queue `old`, with PostgreSQL 17: a process of its own has the options of a database's. */
import { runMigrations, type PgPoolClient } from 'bullmq';
import { keepRunning } from '../../../../../src/queue/store/embedded/process/keep-running.ts';

interface OldPGlite {
  waitReady: Promise<void>;
  query(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
  exec(text: string): Promise<{ rows: unknown[] }[]>;
  close(): Promise<void>;
}

const ADD = `
  SELECT add_job('old', 'job' || n, 'pipeline', '{"mqtt_topic": "a", "mqtt_message": 1, "mqtt_qos": 0, "msg": {}}',
    '{"attempts": 1}', 0, 0, 1, 1, null, null, null, null, null, false)
  FROM generate_series(1, 30) AS n`;

const [, , directory = ''] = process.argv;

keepRunning();
// It may hang at its end, see `keepRunning`.
void make().then(() => process.kill(process.pid, 'SIGKILL'));

async function make(): Promise<void> {
  const { PGlite } = require('pglite-17') as { PGlite: new (path: string) => OldPGlite };
  const database = new PGlite(directory);
  await database.waitReady;
  const query = async (text: string, values: readonly unknown[] = []) =>
    values.length > 0 ? database.query(text, values) : ((await database.exec(text)).at(-1) ?? { rows: [] });
  await runMigrations({ query } as Pick<PgPoolClient, 'query'>, 'bullmq', { skipVersionCheck: true });
  await database.exec(`SET search_path = bullmq; ${ADD}`);
  await database.close();
}

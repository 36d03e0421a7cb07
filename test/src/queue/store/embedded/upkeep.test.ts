import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

const MEGABYTE = 1024 * 1024;

describe('upkeep of the embedded database', function () {
  const directory = temporaryDirectory('upkeep');
  let pool: EmbeddedPool;

  before(async () => {
    pool = await openEmbeddedDatabase(directory);
    await pool.query('CREATE TABLE counter (n int, filler text); INSERT INTO counter VALUES (0)');
  });
  after(() => pool.close());

  async function update(times: number, filler: () => string): Promise<void> {
    for (let done = 0; done < times; done += 100) {
      const some = Array.from({ length: 100 }, () =>
        pool.query('UPDATE counter SET n = n + 1, filler = $1', [filler()]),
      );
      await Promise.all(some);
    }
  }

  it('removes dead rows: a table of one row stays small', async () => {
    await update(8000, () => 'x'.repeat(500));
    const { rows } = await pool.query<{ size: string; n: number }>(
      "SELECT pg_relation_size('counter') AS size, n FROM counter",
    );
    assert.equal(rows[0]?.n, 8000);
    // 8000 dead rows would take more than 4 MB.
    assert.ok(Number(rows[0]?.size) < 2 * MEGABYTE, `${rows[0]?.size} bytes`);
  });

  it('writes checkpoints: the log is bounded, and its files are reused', async () => {
    const before = await logPosition();
    await update(4000, () => randomBytes(15_000).toString('base64'));
    const written = (await logPosition()) - before;
    assert.ok(written > 64 * MEGABYTE, `only ${written} bytes were written`);
    const log = join(directory, 'data', 'pg_wal');
    const size = readdirSync(log).reduce((sum, name) => sum + statSync(join(log, name)).size, 0);
    assert.ok(size < 48 * MEGABYTE, `${size} bytes of log`);
  });

  it('waits for the end of a transaction, which a VACUUM would break', async () => {
    await pool.query('CREATE TABLE many AS SELECT generate_series(1, 5000) AS n');
    await pool.query('UPDATE many SET n = n + 1');
    await until('PostgreSQL has counted the old rows', async () => (await oldRows()) === 5000);
    const client = await pool.connect();
    await client.query('BEGIN');
    for (let n = 0; n < 2500; n++) await client.query('SELECT 1');
    await client.query('COMMIT');
    client.release();
    await until('they are removed', async () => (await oldRows()) === 0);
  });

  async function oldRows(): Promise<number> {
    const { rows } = await pool.query("SELECT n_dead_tup FROM pg_stat_all_tables WHERE relname = 'many'");
    return Number(rows[0].n_dead_tup);
  }

  async function logPosition(): Promise<number> {
    const { rows } = await pool.query("SELECT pg_current_wal_lsn() - '0/0' AS bytes");
    return Number(rows[0].bytes);
  }
});

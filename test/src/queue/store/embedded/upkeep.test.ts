import assert from 'node:assert/strict';
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

  async function update(times: number): Promise<void> {
    const one = () => pool.query('UPDATE counter SET n = n + 1, filler = $1', ['x'.repeat(1000)]);
    for (let done = 0; done < times; done += 100) await Promise.all(Array.from({ length: 100 }, one));
  }

  it('removes dead rows: a table of one row stays small', async () => {
    await update(6000);
    const { rows } = await pool.query<{ size: string; n: number }>(
      "SELECT pg_relation_size('counter') AS size, n FROM counter",
    );
    assert.equal(rows[0]?.n, 6000);
    // 6000 dead rows would take more than 6 MB.
    assert.ok(Number(rows[0]?.size) < 3 * MEGABYTE, `${rows[0]?.size} bytes`);
  });

  it('writes checkpoints: the log is bounded, and its files are reused', async () => {
    const before = await logPosition();
    for (let round = 0; round < 2; round++) {
      // Writes to the log and nowhere else.
      await pool.query(`SELECT pg_logical_emit_message(false, 'test', repeat('x', ${MEGABYTE}))
        FROM generate_series(1, 34)`);
      await ask(2000);
    }
    const written = (await logPosition()) - before;
    assert.ok(written > 64 * MEGABYTE, `only ${written} bytes were written`);
    const log = join(directory, 'data', 'pg_wal');
    const size = readdirSync(log).reduce((sum, name) => sum + statSync(join(log, name)).size, 0);
    assert.ok(size < 48 * MEGABYTE, `${size} bytes of log`);
  });

  it('waits for the end of a transaction, which a VACUUM would break', async () => {
    await pool.query('CREATE TABLE many AS SELECT generate_series(1, 5000) AS n');
    // Again and again: upkeep, which also comes every ten seconds, may have removed them before they were seen.
    await until('PostgreSQL has counted the old rows', async () => {
      await pool.query('UPDATE many SET n = n + 1');
      return (await oldRows()) >= 5000;
    });
    const client = await pool.connect();
    await client.query('BEGIN');
    await ask(2500, client);
    await client.query('COMMIT');
    client.release();
    await until('they are removed', async () => (await oldRows()) === 0);
  });

  /** Upkeep comes after so many queries. */
  async function ask(times: number, queryable: Pick<EmbeddedPool, 'query'> = pool): Promise<void> {
    await Promise.all(Array.from({ length: times }, () => queryable.query('')));
  }

  async function oldRows(): Promise<number> {
    const { rows } = await pool.query("SELECT n_dead_tup FROM pg_stat_all_tables WHERE relname = 'many'");
    return Number(rows[0].n_dead_tup);
  }

  async function logPosition(): Promise<number> {
    const { rows } = await pool.query("SELECT pg_current_wal_lsn() - '0/0' AS bytes");
    return Number(rows[0].bytes);
  }
});

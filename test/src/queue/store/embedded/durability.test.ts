import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { closing } from '../../../../helpers/closing.ts';
import { watchDisk, type Disk } from '../../../../helpers/disk.ts';
import { databaseProcess, preparedDirectory } from '../../../../helpers/embedded.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

describe('durability of the embedded database', function () {
  const closeAfter = closing();

  describe('on the disk', () => {
    let disk: Disk;
    let pool: EmbeddedPool;

    before(async () => {
      disk = watchDisk();
      pool = await openEmbeddedDatabase(temporaryDirectory('durability'));
      await pool.query('CREATE TABLE row (n int, filler text)');
    });
    after(async () => {
      disk.stop();
      await pool.close();
    });

    const insert = (n: number, filler = '') => pool.query('INSERT INTO row VALUES ($1, $2)', [n, filler]);

    it('each commit is synced before its answer is sent, including the names of its files', async () => {
      const before = disk.left().length;
      // Enough for several log files.
      const filler = Array.from({ length: 40_000 }, (_, n) => n.toString(36)).join('');
      for (let n = 0; n < 100; n++) await insert(n, filler);
      const left = disk.left().slice(before);
      assert.equal(left.length, 100);
      assert.deepEqual(
        left.filter(({ unsynced }) => unsynced.length > 0),
        [],
      );
      const synced = left.map(({ syncs }) => syncs);
      assert.deepEqual(new Set(synced).size, 100);
    });

    it('simultaneous commits share a sync', async () => {
      const [before] = disk.left().slice(-1);
      await Promise.all(Array.from({ length: 100 }, (_, n) => insert(n)));
      const [after] = disk.left().slice(-1);
      assert.ok(before && after);
      assert.deepEqual(after.unsynced, []);
      assert.ok(after.syncs - before.syncs < 60, `${after.syncs - before.syncs} syncs for 100 commits`);
    });

    it('a commit is synced even if a simultaneous transaction fails', async () => {
      const client = await pool.connect();
      const left = disk.left();
      const inserted = insert(1);
      await assert.rejects(client.query('BEGIN; SELECT 1 / 0'), /division by zero/);
      await inserted;
      const first = disk.left()[left.length];
      assert.ok((first?.syncs ?? 0) > (left.at(-1)?.syncs ?? 0));
      client.release();
    });

    it('reading does not sync', async () => {
      await pool.query('SELECT count(*) FROM row');
      const [before] = disk.left().slice(-1);
      for (let n = 0; n < 10; n++) await pool.query('SELECT count(*) FROM row');
      assert.equal(disk.left().at(-1)?.syncs, before?.syncs);
    });
  });

  for (const [who, kill] of [
    ['the process that uses it', (owner: number) => [owner]],
    ['the process of the database', (_: number, database: number) => [database]],
    ['both', (owner: number, database: number) => [database, owner]],
  ] as const) {
    it(`keeps every confirmed row when ${who} is killed`, async () => {
      const directory = await preparedDirectory();
      for (let round = 0; round < 3; round++) {
        const confirmed = await writeUntilKilled(directory, kill);
        const pool = await openEmbeddedDatabase(directory);
        closeAfter(() => pool.close());
        const { rows } = await pool.query<{ n: number }>('DELETE FROM confirmed RETURNING n');
        const kept = new Set(rows.map(({ n }) => n));
        assert.ok(confirmed.length > 20);
        assert.deepEqual(
          confirmed.filter((n) => !kept.has(n)),
          [],
        );
        await pool.close();
      }
    });
  }
});

/** Lets another process write rows for a while, kills it, and returns the confirmed rows. */
async function writeUntilKilled(
  directory: string,
  victims: (owner: number, database: number) => readonly number[],
): Promise<number[]> {
  const child = fork(join(__dirname, 'hold-open.js'), [directory, 'and write'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const confirmed: number[] = [];
  child.on('message', (n) => typeof n === 'number' && confirmed.push(n));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await until('rows are being confirmed', () => confirmed.length > 20);
  await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 300));
  for (const pid of victims(child.pid ?? 0, databaseProcess(directory))) process.kill(pid, 'SIGKILL');
  await ended;
  return confirmed;
}

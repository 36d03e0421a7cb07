import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { closing } from '../../../../helpers/closing.ts';
import { watchDisk, type Disk } from '../../../../helpers/disk.ts';
import { databaseProcess } from '../../../../helpers/embedded.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

/** Kills in a row of the same database. */
const ROUNDS = 2;

describe('durability of the embedded database', function () {
  const closeAfter = closing();

  describe('on the disk', () => {
    let disk: Disk;
    let pool: EmbeddedPool;

    before(async () => {
      disk = watchDisk();
      pool = await openEmbeddedDatabase(temporaryDirectory('durability'));
      // Large values are not compressed, which takes longer than the rest.
      await pool.query('CREATE TABLE row (n int, filler text STORAGE EXTERNAL)');
    });
    after(async () => {
      disk.stop();
      await pool.close();
    });

    const insert = (n: number, filler = '') => pool.query('INSERT INTO row VALUES ($1, $2)', [n, filler]);

    it('each commit is synced before its answer is sent, including the names of its files', async () => {
      const before = disk.left().length;
      // Enough for several log files, of 4 MB.
      const filler = 'x'.repeat(500_000);
      for (let n = 0; n < 40; n++) await insert(n, filler);
      const left = disk.left().slice(before);
      assert.equal(left.length, 40);
      assert.deepEqual(
        left.filter(({ unsynced }) => unsynced.length > 0),
        [],
      );
      const synced = left.map(({ syncs }) => syncs);
      assert.deepEqual(new Set(synced).size, 40);
    });

    it('simultaneous commits share a sync', async () => {
      const syncsOf100 = async () => {
        const [before] = disk.left().slice(-1);
        await Promise.all(Array.from({ length: 100 }, (_, n) => insert(n)));
        const [after] = disk.left().slice(-1);
        assert.ok(before && after);
        assert.deepEqual(after.unsynced, []);
        return after.syncs - before.syncs;
      };
      // On a busy machine one commit may take as long as all that would share its sync.
      const syncs = await until('they share one', async () => {
        const some = await syncsOf100();
        return some < 60 && some;
      });
      assert.ok(syncs > 0);
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
      // So many queries make the upkeep come now: its checkpoint syncs.
      await Promise.all(Array.from({ length: 2000 }, () => pool.query('')));
      await pool.query('SELECT count(*) FROM row');
      const [before] = disk.left().slice(-1);
      for (let n = 0; n < 10; n++) await pool.query('SELECT count(*) FROM row');
      assert.equal(disk.left().at(-1)?.syncs, before?.syncs);
    });
  });

  const directory = temporaryDirectory('killed');
  let round = 1;

  for (const [who, kill] of [
    ['the process that uses it', (owner: number) => [owner]],
    ['the process of the database', (_: number, database: number) => [database]],
    ['both', (owner: number, database: number) => [database, owner]],
  ] as const) {
    it(`keeps every confirmed row when ${who} is killed`, async () => {
      const confirmed: string[] = [];
      // The process of each further round opens what the kill before it has left.
      for (const end = round + ROUNDS; round < end; round++)
        confirmed.push(...(await writeUntilKilled(directory, round, kill)));
      const pool = await openEmbeddedDatabase(directory);
      closeAfter(() => pool.close());
      const { rows } = await pool.query<{ row: string }>("SELECT round || ' ' || n AS row FROM confirmed");
      const kept = new Set(rows.map(({ row }) => row));
      assert.deepEqual(
        confirmed.filter((row) => !kept.has(row)),
        [],
      );
    });
  }
});

/** Lets another process write rows for a while, kills it, and returns the confirmed rows. */
async function writeUntilKilled(
  directory: string,
  round: number,
  victims: (owner: number, database: number) => readonly number[],
): Promise<string[]> {
  const child = fork(join(__dirname, 'hold-open.js'), [directory, String(round)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const confirmed: string[] = [];
  child.on('message', (n) => typeof n === 'number' && confirmed.push(`${round} ${n}`));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await until('rows are being confirmed', () => confirmed.length > 20);
  await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 300));
  for (const pid of victims(child.pid ?? 0, databaseProcess(directory))) process.kill(pid, 'SIGKILL');
  await ended;
  return confirmed;
}

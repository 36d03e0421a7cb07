import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnavailableError } from '../../../../../src/base/errors.ts';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { startDatabaseProcess } from '../../../../../src/queue/store/embedded/database-process.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { watchDisk, type Disk } from '../../../../helpers/disk.ts';
import { databaseProcess, killDatabase } from '../../../../helpers/embedded.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

describe('an embedded database in trouble', function () {
  const directory = temporaryDirectory('faults');
  let disk: Disk;

  before(() => {
    disk = watchDisk();
  });
  after(() => disk.stop());

  it('is ended when it lives and gives no answer', async () => {
    const ends: string[] = [];
    const database = await startDatabaseProcess(
      directory,
      {
        onNotification: () => undefined,
        onWarning: () => undefined,
        onEnd: (reason) => ends.push(reason),
        // It looks 30 times: a busy machine may hold it up for some seconds.
        watchEvery: 400,
      },
      new AbortController().signal,
    );
    await database.query(0, 'SELECT pg_sleep(1)');
    assert.deepEqual(ends, [], 'it was asked, and answered in time');
    process.kill(database.pid, 'SIGSTOP');
    await assert.rejects(database.query(0, 'SELECT 1'), /gave no answer/);
    await until('its end is told', () => ends.length === 1);
  });

  describe('that is in use', () => {
    let pool: EmbeddedPool;
    let warnings: string[];

    /** All tests have the same database, and leave it open: to open it takes longer than most of them. */
    async function open(): Promise<void> {
      warnings = [];
      pool = await openEmbeddedDatabase(directory, { onWarning: (text) => warnings.push(text) });
    }

    before(async () => {
      await open();
      await pool.query('CREATE TABLE row (n int, filler text)');
    });
    beforeEach(() => pool.query('DELETE FROM row'));
    after(() => pool.close());

    const insert = (n: number) => pool.query('INSERT INTO row VALUES ($1, $2)', [n, 'x'.repeat(2000)]);
    const rows = async () =>
      (await pool.query<{ n: number }>('SELECT n FROM row ORDER BY n')).rows.map(({ n }) => n);
    const works = () =>
      insert(0).then(
        () => true,
        () => false,
      );

    it('that stopped: rejects pending queries, reports the loss once, and reopens', async () => {
      const [told, ended]: [Error[], unknown[]] = [[], []];
      pool.on('error', (error) => told.push(error));
      const client = await pool.connect();
      client.on('error', (error) => ended.push(error));
      await insert(1);
      const asked = Promise.allSettled([pool.query('SELECT pg_sleep(10)'), insert(2)]);
      killDatabase(directory);
      for (const answer of await asked) {
        assert.ok(answer.status === 'rejected' && answer.reason instanceof StoreUnavailableError);
        assert.match(answer.reason.message, /SIGKILL/);
      }
      await assert.rejects(insert(3), StoreUnavailableError);
      await assert.rejects(client.query('SELECT 1'), /not queryable/);
      await until('it is open again', works);
      assert.deepEqual(await rows(), [0, 1]);
      assert.equal(told.length, 1);
      assert.equal(ended.length, 1);
    });

    it('that stopped: closes while it is being reopened', async () => {
      killDatabase(directory);
      await assert.rejects(pool.query('SELECT pg_sleep(1)'));
      await pool.close();
      await open();
    });

    it('closes even if it hangs', async () => {
      process.kill(databaseProcess(directory), 'SIGSTOP');
      const asked = assert.rejects(insert(1), StoreUnavailableError);
      // A process that is stopped would never end by itself.
      await pool.close();
      await asked;
      await open();
    });

    it('Ctrl-C and SIGTERM to the process group do not end it', async () => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(databaseProcess(directory), signal);
      await insert(1);
      assert.deepEqual(await rows(), [1]);
    });

    it('on a full disk: reports it, loses no confirmed row, and works when there is space again', async () => {
      const confirmed: number[] = [];
      for (let n = 1; n <= 50; n++) await insert(n).then(() => confirmed.push(n));
      disk.fail('ENOSPC');
      await assert.rejects(insert(51), /No space left|ENOSPC/);
      await until('it is said of every query', () =>
        insert(52).then(
          () => false,
          (error: Error) => /No space left|ENOSPC/.test(error.message),
        ),
      );
      disk.fail();
      await until('it works', works);
      const kept = new Set(await rows());
      assert.deepEqual(
        confirmed.filter((n) => !kept.has(n)),
        [],
      );
      assert.deepEqual(warnings, []);
    });

    it('on a failing disk: reports a failed sync, loses no confirmed row, and works again', async () => {
      await insert(1);
      disk.fail('EIO');
      await assert.rejects(insert(2), /I\/O error/);
      disk.fail();
      await until('it works', works);
      assert.ok((await rows()).includes(1));
      assert.deepEqual(warnings, []);
    });

    it('ends with its owner, and removes its lock', async () => {
      assert.ok(existsSync(join(directory, 'lock')));
      await pool.close();
      assert.deepEqual(readdirSync(directory), ['data']);
    });
  });
});

import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { StoreUnavailableError } from '../../../../../src/errors.ts';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { closing } from '../../../../helpers/closing.ts';
import { watchDisk } from '../../../../helpers/disk.ts';
import { databaseProcess, killDatabase } from '../../../../helpers/embedded.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

describe('an embedded database in trouble', function () {
  const closeAfter = closing();
  let directory: string;
  let pool: EmbeddedPool;
  let warnings: string[];

  beforeEach(async () => {
    directory = temporaryDirectory('faults');
    await open();
    await pool.query('CREATE TABLE row (n int, filler text)');
  });

  async function open(): Promise<void> {
    warnings = [];
    pool = await openEmbeddedDatabase(directory, { onWarning: (text) => warnings.push(text) });
    closeAfter(() => pool.close());
  }

  const insert = (n: number) => pool.query('INSERT INTO row VALUES ($1, $2)', [n, 'x'.repeat(2000)]);
  const rows = async () =>
    (await pool.query<{ n: number }>('SELECT n FROM row ORDER BY n')).rows.map(({ n }) => n);
  const works = () =>
    insert(0).then(
      () => true,
      () => false,
    );

  describe('that stopped', () => {
    it('rejects what was asked, tells of it once, and is open again by itself', async () => {
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

    it('closes while it is being opened again', async () => {
      killDatabase(directory);
      await assert.rejects(pool.query('SELECT pg_sleep(1)'));
      await pool.close();
      await open();
    });
  });

  it('one that hangs is closed all the same', async () => {
    process.kill(databaseProcess(directory), 'SIGSTOP');
    const asked = assert.rejects(insert(1), StoreUnavailableError);
    const began = Date.now();
    await pool.close();
    await asked;
    assert.ok(Date.now() - began < 10_000);
    await open();
  });

  it('Ctrl-C and SIGTERM for the whole group leave it to its owner', async () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(databaseProcess(directory), signal);
    await insert(1);
    assert.deepEqual(await rows(), [1]);
  });

  describe('on a full disk', () => {
    it('says so, loses nothing confirmed, and works when there is space again', async () => {
      await pool.close();
      const disk = watchDisk();
      try {
        await open();
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
      } finally {
        disk.stop();
      }
    });

    it('the same when a sync fails', async () => {
      await pool.close();
      const disk = watchDisk();
      try {
        await open();
        await insert(1);
        disk.fail('EIO');
        await assert.rejects(insert(2), /I\/O error/);
        disk.fail();
        await until('it works', works);
        assert.ok((await rows()).includes(1));
        assert.deepEqual(warnings, []);
      } finally {
        disk.stop();
      }
    });
  });

  describe('with damaged files', () => {
    const data = () => join(directory, 'data');
    const damages: Record<string, () => void> = {
      'an empty control file': () => truncateSync(join(data(), 'global', 'pg_control'), 0),
      'a control file of garbage': () => garble(join(data(), 'global', 'pg_control')),
      'a control file that is gone': () => rmSync(join(data(), 'global', 'pg_control')),
      'no version': () => rmSync(join(data(), 'PG_VERSION')),
      'no log': () => rmSync(join(data(), 'pg_wal'), { recursive: true }),
      'no tables': () => rmSync(join(data(), 'base'), { recursive: true }),
      'nothing at all': () =>
        readdirSync(data()).forEach((name) => rmSync(join(data(), name), { recursive: true })),
    };

    for (const [title, damage] of Object.entries(damages)) {
      it(`${title}: it is set aside, and an empty one takes its place`, async () => {
        await insert(1);
        await pool.close();
        damage();
        await open();
        await assert.rejects(rows(), /does not exist/);
        assert.equal((await pool.query('SELECT * FROM job')).rowCount, 0);
        const aside = readdirSync(directory).filter((name) => name.startsWith('data.corrupt-'));
        assert.equal(aside.length, 1);
        assert.match(warnings.join('\n'), new RegExp(`was damaged.*${aside[0]}`, 's'));
        await pool.close();
        await open();
        assert.deepEqual(warnings, []);
      });
    }

    it('found while it is in use: the same, as soon as a query meets them', async () => {
      await insert(1);
      const {
        rows: [file],
      } = await pool.query<{ path: string }>("SELECT pg_relation_filepath('row') AS path");
      await pool.close();
      garble(join(data(), file?.path ?? ''));
      await open();
      await assert.rejects(rows(), /damaged: invalid page/);
      await until('an empty one took its place', () =>
        pool.query('SELECT * FROM job').then(
          () => true,
          () => false,
        ),
      );
      assert.match(warnings.join('\n'), /was damaged.*invalid page/s);
      await assert.rejects(rows(), /relation "row" does not exist/);
    });

    it('a log that ends in the middle of a record is no damage', async () => {
      for (let n = 1; n <= 5; n++) await insert(n);
      const {
        rows: [end],
      } = await pool.query<{ file: string; position: number }>(
        'SELECT file_name AS file, file_offset AS position FROM pg_walfile_name_offset(pg_current_wal_insert_lsn())',
      );
      assert.ok(end);
      killDatabase(directory);
      await assert.rejects(insert(6));
      await pool.close();
      const log = openSync(join(data(), 'pg_wal', end.file), 'r+');
      writeSync(log, Buffer.alloc(100, 'garbage'), 0, 100, end.position);
      closeSync(log);
      await open();
      assert.deepEqual(await rows(), [1, 2, 3, 4, 5]);
      assert.deepEqual(warnings, []);
    });
  });

  it('leaves with its owner, and takes its lock away', async () => {
    assert.ok(existsSync(join(directory, 'lock')));
    await pool.close();
    assert.deepEqual(readdirSync(directory), ['data']);
  });
});

function garble(file: string): void {
  writeFileSync(file, Buffer.alloc(readFileSync(file).length, 'garbage'));
}

import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GiveUpError, StoreLockedError } from '../../../../../src/base/errors.ts';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { closing } from '../../../../helpers/closing.ts';
import { preparedDirectory } from '../../../../helpers/embedded.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

describe('opening the embedded database', () => {
  const closeAfter = closing();

  async function open(directory: string): Promise<EmbeddedPool> {
    const pool = await openEmbeddedDatabase(directory);
    closeAfter(() => pool.close());
    return pool;
  }

  it('creates the directory and its parents, accessible to its user only', async () => {
    const directory = join(temporaryDirectory('open'), 'one', 'two');
    await open(directory);
    assert.deepEqual(readdirSync(directory).toSorted(), ['data', 'lock']);
  });

  it('users of a directory share it, by any path, and the last one closes it', async () => {
    const directory = await preparedDirectory();
    const link = join(temporaryDirectory('open'), 'link');
    symlinkSync(directory, link);
    const [first, second] = await Promise.all([open(directory), open(`${link}/.`)]);
    await first.query('CREATE TABLE mine (n int)');
    await first.close();
    await assert.rejects(first.query('SELECT 1'), /after calling end on the pool/);
    assert.equal((await second.query('SELECT count(*) FROM mine')).rowCount, 1);
    await second.close();
    assert.equal(existsSync(join(directory, 'lock')), false);
  });

  it('a close immediately followed by an open is a restart, whichever is awaited first', async () => {
    const directory = await preparedDirectory();
    let pool = await open(directory);
    await pool.query('CREATE TABLE mine (n int)');
    for (let restart = 0; restart < 3; restart++) {
      const closed = pool.close();
      const opened = open(directory);
      await (restart % 2 ? closed : opened);
      pool = await opened;
      await pool.query('INSERT INTO mine VALUES ($1)', [restart]);
      await closed;
    }
    assert.equal((await pool.query('SELECT * FROM mine')).rowCount, 3);
  });

  it('queries sent before a close are answered', async () => {
    const pool = await open(await preparedDirectory());
    const answers = Promise.all([1, 2, 3].map((n) => pool.query('SELECT pg_sleep(0.05), $1::int AS n', [n])));
    await pool.close();
    assert.equal((await answers).length, 3);
  });

  it('another process is refused, with the ID of the process that uses it', async () => {
    const directory = await preparedDirectory();
    const other = await holder(directory);
    closeAfter(() => other.kill('SIGKILL'));
    await assert.rejects(openEmbeddedDatabase(directory), (error: Error) => {
      assert.ok(error instanceof StoreLockedError);
      assert.match(error.message, new RegExp(`process ${other.pid} on .* another directory`));
      return true;
    });
  });

  it('a directory whose process was killed is taken over', async () => {
    const directory = await preparedDirectory();
    const other = await holder(directory);
    other.kill('SIGKILL');
    await open(directory);
  });

  it('an impossible directory needs a person', async () => {
    const directory = temporaryDirectory('open');
    writeFileSync(join(directory, 'file'), '');
    await assert.rejects(openEmbeddedDatabase(join(directory, 'file', 'store')), GiveUpError);
  });

  it('files of another PostgreSQL version need a person, and are not changed', async () => {
    const directory = await preparedDirectory();
    const version = join(directory, 'data', 'PG_VERSION');
    const before = readFileSync(version);
    writeFileSync(version, '11\n');
    for (const user of [openEmbeddedDatabase(directory), openEmbeddedDatabase(directory)]) {
      await assert.rejects(user, (error: Error) => {
        assert.ok(error instanceof GiveUpError);
        assert.match(error.message, /PostgreSQL 11 made .*install the version of this package/);
        return true;
      });
    }
    assert.deepEqual(readdirSync(directory), ['data']);
    writeFileSync(version, before);
    await open(directory);
  });

  it('a database left incomplete by a crash is created again', async () => {
    const directory = temporaryDirectory('open');
    mkdirSync(join(directory, 'data.new', 'base'), { recursive: true });
    const pool = await open(directory);
    assert.equal((await pool.query('SELECT * FROM job')).rowCount, 0);
    assert.equal(existsSync(join(directory, 'data.new')), false);
  });
});

/** Opens the directory in another process. */
async function holder(directory: string): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'hold-open.js'), [directory]);
  const opened = new Promise((resolve) => child.once('message', resolve));
  await until('the other process has it open', () => opened);
  return child;
}

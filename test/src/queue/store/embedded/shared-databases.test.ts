import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { GiveUpError, StoreLockedError } from '../../../../../src/base/errors.ts';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { closing } from '../../../../helpers/closing.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

describe('opening the embedded database', () => {
  const closeAfter = closing();
  /** The first test creates it, and each goes on with what the one before has left. */
  const directory = join(temporaryDirectory('open'), 'one', 'two');
  let pool: EmbeddedPool;

  after(() => pool.close());

  it('creates the directory and its parents, accessible to its user only', async () => {
    pool = await openEmbeddedDatabase(directory);
    assert.deepEqual(readdirSync(directory).toSorted(), ['data', 'lock']);
    for (const made of [directory, join(directory, '..'), join(directory, 'data')])
      assert.equal(statSync(made).mode & 0o777, 0o700);
  });

  it('users of a directory share it, by any path, and the last one closes it', async () => {
    const link = join(temporaryDirectory('open'), 'link');
    symlinkSync(directory, link);
    const second = await openEmbeddedDatabase(`${link}/.`);
    await pool.query('CREATE TABLE mine (n int)');
    await pool.close();
    await assert.rejects(pool.query('SELECT 1'), /after calling end on the pool/);
    assert.equal((await second.query('SELECT count(*) FROM mine')).rowCount, 1);
    await second.close();
    assert.equal(existsSync(join(directory, 'lock')), false);
  });

  it('a close immediately followed by an open is a restart, whichever is awaited first', async () => {
    // They open it together, as the nodes of a flow do.
    const [one, other] = await Promise.all([
      openEmbeddedDatabase(directory),
      openEmbeddedDatabase(directory),
    ]);
    await other.close();
    pool = one;
    for (let restart = 0; restart < 2; restart++) {
      const closed = pool.close();
      const opened = openEmbeddedDatabase(directory);
      await (restart % 2 ? closed : opened);
      pool = await opened;
      await pool.query('INSERT INTO mine VALUES ($1)', [restart]);
      await closed;
    }
    assert.equal((await pool.query('SELECT * FROM mine')).rowCount, 2);
  });

  it('queries sent before a close are answered', async () => {
    const answers = Promise.all([1, 2, 3].map((n) => pool.query('SELECT pg_sleep(0.05), $1::int AS n', [n])));
    await pool.close();
    assert.equal((await answers).length, 3);
  });

  it('another process is refused, with the ID of the process that uses it, and takes over when that was killed', async () => {
    const other = await holder(directory);
    closeAfter(() => other.kill('SIGKILL'));
    await assert.rejects(openEmbeddedDatabase(directory), (error: Error) => {
      assert.ok(error instanceof StoreLockedError);
      assert.match(error.message, new RegExp(`process ${other.pid} on .* another directory`));
      return true;
    });
    other.kill('SIGKILL');
    await once(other, 'exit');
    pool = await openEmbeddedDatabase(directory);
    await pool.close();
  });

  it('an impossible directory needs a person', async () => {
    const parent = temporaryDirectory('open');
    writeFileSync(join(parent, 'file'), '');
    await assert.rejects(openEmbeddedDatabase(join(parent, 'file', 'store')), GiveUpError);
  });

  it('files of another PostgreSQL version need a person, and are not changed', async () => {
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
    pool = await openEmbeddedDatabase(directory);
    assert.equal((await pool.query('SELECT * FROM mine')).rowCount, 2);
  });

  it('a database left incomplete by a crash is created again', async () => {
    const incomplete = temporaryDirectory('open');
    mkdirSync(join(incomplete, 'data.new', 'base'), { recursive: true });
    const other = await openEmbeddedDatabase(incomplete);
    closeAfter(() => other.close());
    assert.equal((await other.query('SELECT * FROM job')).rowCount, 0);
    assert.equal(existsSync(join(incomplete, 'data.new')), false);
  });
});

/** Opens the directory in another process. */
async function holder(directory: string): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'hold-open.js'), [directory]);
  const opened = new Promise((resolve) => child.once('message', resolve));
  await until('the other process has it open', () => opened);
  return child;
}

import assert from 'node:assert/strict';
import type { PgNotification } from 'bullmq';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { unique } from '../../../../helpers/unique.ts';
import { until } from '../../../../helpers/until.ts';

describe('the pool of the embedded database', () => {
  let pool: EmbeddedPool;

  before(async () => {
    pool = await openEmbeddedDatabase(temporaryDirectory('pool'));
    await pool.query('CREATE TABLE note (text text)');
  });
  beforeEach(() => pool.query('DELETE FROM note'));
  after(() => pool.close());

  const write = (text: string) => ['INSERT INTO note VALUES ($1)', [text]] as const;
  const notes = async () =>
    (await pool.query<{ text: string }>('SELECT * FROM note')).rows.map((row) => row.text);

  it('answers simultaneous queries in order', async () => {
    const results = await Promise.all([1, 2, 3].map((n) => pool.query('SELECT $1::int AS n', [n])));
    assert.deepEqual(
      results.map(({ rows }) => rows[0].n),
      [1, 2, 3],
    );
  });

  it('an error of one query does not affect those before and after it', async () => {
    const settled = await Promise.allSettled([
      pool.query(...write('before')),
      pool.query('SELECT 1 / 0'),
      pool.query(...write('after')),
    ]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await notes(), ['before', 'after']);
  });

  it("finds BullMQ's tables by unqualified names", async () => {
    const { rows } = await pool.query("SELECT 'job'::regclass::oid = 'bullmq.job'::regclass::oid AS same");
    assert.equal(rows[0].same, true);
  });

  it('supports values of many megabytes', async () => {
    const text = 'ü"\\'.repeat(2_000_000);
    const { rows } = await pool.query('SELECT $1::text AS text', [text]);
    assert.equal(rows[0].text, text);
  });

  describe('transactions', () => {
    it('queries of other clients wait for the end of a transaction, and see its changes', async () => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(...write('one'));
      const seen = notes();
      await client.query(...write('two'));
      await client.query('COMMIT');
      assert.deepEqual(await seen, ['one', 'two']);
      client.release();
    });

    it("a rollback does not affect other clients' changes", async () => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(...write('mine'));
      const written = pool.query(...write('theirs'));
      await client.query('ROLLBACK');
      await written;
      assert.deepEqual(await notes(), ['theirs']);
      client.release();
    });

    it('after a failed query, only its own transaction refuses further queries until the rollback', async () => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await assert.rejects(client.query('SELECT 1 / 0'), /division by zero/);
      const written = pool.query(...write('theirs'));
      await assert.rejects(client.query('SELECT 1'), /transaction is aborted/);
      await client.query('ROLLBACK');
      await client.query(...write('mine'));
      await written;
      assert.deepEqual((await notes()).toSorted(), ['mine', 'theirs']);
      client.release();
    });

    it('releasing a client rolls its transaction back', async () => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(...write('forgotten'));
      client.release();
      assert.deepEqual(await notes(), []);
    });

    it('the pool itself refuses transactions', async () => {
      await assert.rejects(pool.query('BEGIN'), /connect\(\)/);
      await pool.query(...write('kept'));
      assert.deepEqual(await notes(), ['kept']);
    });
  });

  describe('LISTEN', () => {
    async function listener(
      command: string,
    ): Promise<{ heard: unknown[]; client: Awaited<ReturnType<EmbeddedPool['connect']>> }> {
      const heard: unknown[] = [];
      const client = await pool.connect();
      client.on('notification', ({ channel, payload }: PgNotification) => heard.push([channel, payload]));
      await client.query(command);
      return { heard, client };
    }

    it('each client receives notifications of its own channels, from any client', async () => {
      const [a, b] = [unique('a'), unique('b')];
      const first = await listener(`-- a comment\nLISTEN ${a};\n`);
      const second = await listener(`LISTEN ${b.toUpperCase()}`);
      await pool.query('SELECT pg_notify($1, $2), pg_notify($3, $4)', [a, 'one', b, 'two']);
      await until('both heard', () => first.heard.length + second.heard.length === 2);
      assert.deepEqual([first.heard, second.heard], [[[a, 'one']], [[b, 'two']]]);
    });

    it('UNLISTEN or release of a client does not affect the others', async () => {
      const channel = unique('channel');
      const [stays, ends, goes] = await Promise.all([1, 2, 3].map(() => listener(`LISTEN ${channel}`)));
      assert.ok(stays && ends && goes);
      await ends.client.query(`UNLISTEN ${channel}`);
      goes.client.release();
      await pool.query(`NOTIFY ${channel}`);
      await until('it heard', () => stays.heard.length > 0);
      assert.deepEqual([ends.heard, goes.heard], [[], []]);
    });

    it('a released client refuses queries', async () => {
      const client = await pool.connect();
      client.release();
      client.release();
      await assert.rejects(client.query('SELECT 1'), /not queryable/);
    });
  });
});

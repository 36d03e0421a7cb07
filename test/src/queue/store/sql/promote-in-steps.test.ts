import assert from 'node:assert/strict';
import { Client } from 'pg';
import type { PgPoolClient } from 'bullmq';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { prepareSchema } from '../../../../../src/queue/store/sql/prepare-schema.ts';
import { preparedDirectory } from '../../../../helpers/embedded.ts';
import { postgresUrl, sharedPostgres } from '../../../../helpers/postgres.ts';
import { describeWith } from '../../../../helpers/requires.ts';
import { unique } from '../../../../helpers/unique.ts';

type Session = Pick<PgPoolClient, 'query'>;

const BODY = `SELECT prosrc FROM pg_proc WHERE oid = to_regproc('move_to_active')`;

describe('delayed jobs that are due together', () => {
  async function addDelayed(session: Session, count: number): Promise<void> {
    await session.query(`
      INSERT INTO job (queue, id, seq, name, state, data, added_at_ms, delay_ms, process_at_ms)
      SELECT 'due', 'due-' || n, n, 'pipeline', 'delayed', '{}', 0, n, n FROM generate_series(1, ${count}) n`);
  }

  const take = (session: Session) =>
    session.query(`SELECT id FROM move_to_active('due', 'token', 60000, 1000000, 'worker', NULL, NULL)`);

  async function states(session: Session): Promise<object> {
    const { rows } = await session.query<{ state: string; jobs: number }>(
      `SELECT state::text, count(*)::int AS jobs FROM job WHERE queue = 'due' GROUP BY state`,
    );
    return Object.fromEntries(rows.map(({ state, jobs }) => [state, jobs]));
  }

  async function becomesWaitingInSteps(session: Session): Promise<void> {
    await addDelayed(session, 120);
    assert.deepEqual((await take(session)).rows, [{ id: 'due-1' }]);
    assert.deepEqual(await states(session), { active: 1, waiting: 49, delayed: 70 });
    await take(session);
    await take(session);
    assert.deepEqual(await states(session), { active: 3, waiting: 117 });
    assert.deepEqual((await take(session)).rows, [{ id: 'due-4' }]);
    const { rows } = await session.query(`SELECT count(*)::int AS told FROM event WHERE event = 'waiting'`);
    assert.deepEqual(rows, [{ told: 120 }]);
  }

  it('become waiting in steps, those first that were due first (embedded)', async () => {
    const pool = await openEmbeddedDatabase(await preparedDirectory());
    try {
      await becomesWaitingInSteps(pool);
    } finally {
      await pool.close();
    }
  });

  describeWith(['postgres'], 'over PostgreSQL', () => {
    let client: Client;
    let schema: string;

    beforeEach(async () => {
      schema = unique('due');
      client = new Client(`${postgresUrl(sharedPostgres())}?options=-c%20search_path%3D${schema}`);
      await client.connect();
    });
    afterEach(() => client.end());

    const session = () => client as unknown as Session;

    it('become waiting in steps', async () => {
      await prepareSchema(session(), schema);
      await becomesWaitingInSteps(session());
    });

    it('are left to a function of BullMQ that is not the known one', async () => {
      await prepareSchema(session(), schema);
      const { rows } = await client.query<{ text: string }>(
        `SELECT pg_get_functiondef(to_regproc('move_to_active')) AS text`,
      );
      await client.query((rows[0]?.text ?? '').replace('BEGIN', 'BEGIN -- another'));
      const before = await client.query<{ prosrc: string }>(BODY);
      await prepareSchema(session(), schema);
      assert.deepEqual((await client.query(BODY)).rows, before.rows);
      assert.match(before.rows[0]?.prosrc ?? '', /-- another/);
    });

    it('are promoted whole by BullMQ itself, so that there is something to mend', async () => {
      const { runMigrations } = await import('bullmq');
      await runMigrations(session(), schema, { skipVersionCheck: true });
      await addDelayed(session(), 120);
      await take(session());
      assert.deepEqual(await states(session()), { active: 1, waiting: 119 });
    });
  });
});

import assert from 'node:assert/strict';
import { Client } from 'pg';
import type { PgQueryable, PgQueryResult } from 'bullmq';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { postgresUrl, sharedPostgres } from '../../../../helpers/postgres.ts';
import { describeWith } from '../../../../helpers/requires.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

const now = new Date('2026-02-03T04:05:06.789Z');

/** PostgreSQL types, and values to convert to them. */
const parameters: [type: string, ...values: unknown[]][] = [
  [
    'text',
    'plain',
    '',
    'a\ud800b',
    'ü\udc00',
    '\udc00\ud83d',
    'ü😀"\\\'',
    '{"not":"an array"}',
    5,
    true,
    12n,
    now,
    { a: 1 },
    null,
    undefined,
  ],
  ['int', 42, '-7', null],
  ['bigint', 42, '9007199254740993', 9007199254740993n, -1],
  ['numeric', 1.5, '123456789012345678901234567890.5', 0.1],
  ['real', 1.5, 0.1, Number.NaN, Infinity, -0],
  ['double precision', Math.PI, 5e-324, -Infinity],
  ['boolean', true, false, 'yes', null],
  ['jsonb', { a: [1, { b: null }], c: 'ü' }, '"text"', '[1,2]', 7, true, null],
  ['json', { z: 1, a: 2 }, 'null'],
  ['timestamptz', now, '2026-11-23 22:53:57.605123+00', new Date(0), '1999-12-31 23:59:59+05:30'],
  ['timestamp', now, '2026-07-01 12:00:00', '2026-07-01 12:00:00.5'],
  ['date', now, '2026-02-28'],
  ['bytea', Buffer.from([0, 1, 255, 92]), new Uint8Array([7, 8]), Buffer.alloc(0)],
  ['uuid', '6f0b3a52-1111-4222-8333-444455556666'],
  ['text[]', ['a', 'b,c', '"q"', '\\', '', null, 'NULL', ' x ', '{}'], [], [['a'], ['b']]],
  ['int[]', [1, null, -3], ['4']],
  ['bigint[]', [1, '9007199254740993', 5n, null]],
  ['real[]', [1.5, null]],
  ['numeric[]', ['1.5', 2]],
  ['boolean[]', [true, false, null]],
  ['jsonb[]', [{ a: '"\\' }, 1, null]],
  ['timestamptz[]', [now, null]],
  ['varchar', 'x'],
  ['interval', '1 day'],
];

/** Statements with results of different shapes. */
const statements: [title: string, text: string, params?: unknown[]][] = [
  ['no rows', 'SELECT 1 AS one WHERE false'],
  ['several columns, also of one name', 'SELECT 1 AS a, 2 AS b, 3 AS a'],
  ['a command without rows', "SET application_name = 'x'"],
  ['inserted rows', 'INSERT INTO counted SELECT generate_series(1, 3)'],
  ['updated rows with RETURNING', 'UPDATE counted SET n = n + $1 WHERE n > $2 RETURNING n', [10, 1]],
  ['deleted rows', 'DELETE FROM counted'],
  ['nothing', ''],
  ['several statements', 'SELECT 1 AS a; SELECT 2 AS b WHERE false; LISTEN x'],
  ['a void function', "SELECT pg_notify('nobody', $1)", ['x']],
  ['an array with bounds', "SELECT '[2:3]={1,2}'::int[] AS a"],
];

const failures: [title: string, text: string, params?: unknown[]][] = [
  ['syntax', 'SELEC 1'],
  ['a missing table', 'SELECT * FROM nowhere'],
  ['a broken constraint', 'INSERT INTO unique_ones VALUES (1)'],
  ['a zero character', 'SELECT $1::text AS t', ['a\0b']],
  ['an invalid value', 'SELECT $1::int AS n', ['many']],
  ['a missing parameter', 'SELECT $1::int AS n', []],
  [
    'an error of the code',
    "DO $$ BEGIN RAISE 'mine' USING ERRCODE = 'BM001', DETAIL = '-6', HINT = 'h'; END $$",
  ],
];

describeWith(['postgres'], 'values of the embedded database', () => {
  let embedded: EmbeddedPool;
  let client: Client;

  before(async () => {
    embedded = await openEmbeddedDatabase(temporaryDirectory('values'));
    client = await connect(postgresUrl(sharedPostgres()));
    await client.query('SET search_path = pg_temp');
    for (const queryable of [client, embedded] as PgQueryable[]) {
      await queryable.query('CREATE TABLE counted (n int); CREATE TABLE unique_ones (n int PRIMARY KEY)');
      await queryable.query('INSERT INTO unique_ones VALUES (1)');
    }
  });

  after(async () => {
    await client.end();
    await embedded.close();
  });

  for (const [type, ...values] of parameters) {
    it(`${type} is converted in both directions like in node-postgres`, async () => {
      for (const value of values) {
        const text = `SELECT $1::${type} AS value, pg_typeof($1::${type})::text AS type`;
        const expected = await client.query<{ value: unknown }>(text, [value]);
        const { rows } = await embedded.query(text, [value]);
        if (type === 'interval') assert.equal(typeof rows[0].value, 'string');
        else assert.deepEqual(rows, expected.rows);
      }
    });
  }

  for (const [title, text, params] of statements) {
    it(`answers ${title} like node-postgres`, async () => {
      const expected = await client.query(text, params);
      assert.deepEqual(shapeOf(await embedded.query(text, params)), shapeOf(expected));
    });
  }

  for (const [title, text, params] of failures) {
    it(`rejects ${title} with the same fields as node-postgres`, async () => {
      const [expected, error] = await Promise.all(
        ([client, embedded] as PgQueryable[]).map((queryable) =>
          queryable.query(text, params).then(() => undefined, fieldsOf),
        ),
      );
      assert.ok(expected);
      assert.deepEqual(error, expected);
    });
  }

  it('rejects invalid JSON, and answers the next query', async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    await assert.rejects(embedded.query('SELECT $1::jsonb', [circle]), TypeError);
    assert.equal((await embedded.query('SELECT 1 AS n')).rows[0].n, 1);
  });

  it("supports every type in BullMQ's tables and functions", async () => {
    const { rows } = await embedded.query<{ type: string }>(`
      SELECT DISTINCT format_type(type, NULL) AS type FROM (
        SELECT atttypid AS type FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
          WHERE relnamespace = 'bullmq'::regnamespace AND attnum > 0 AND relkind = 'r'
        UNION ALL
        SELECT unnest(coalesce(proallargtypes, proargtypes || prorettype)) FROM pg_proc
          WHERE pronamespace = 'bullmq'::regnamespace
      ) AS used JOIN pg_type ON pg_type.oid = type WHERE typtype = 'b' ORDER BY 1`);
    const known = new Set(parameters.map(([type]) => type));
    const aliases: Record<string, string> = {
      integer: 'int',
      'integer[]': 'int[]',
      'timestamp with time zone': 'timestamptz',
    };
    const unknown = rows.map(({ type }) => aliases[type] ?? type).filter((type) => !known.has(type));
    assert.deepEqual(
      unknown.filter((type) => !type.startsWith('bullmq.') && !type.startsWith('job')),
      [],
    );
  });
});

/** Retries, because PostgreSQL may still be starting when its port answers. */
function connect(url: string): Promise<Client> {
  return until('PostgreSQL answers', async () => {
    const client = new Client(url);
    return client.connect().then(
      () => client,
      () => undefined,
    );
  });
}

function shapeOf(result: PgQueryResult | PgQueryResult[]): unknown {
  if (Array.isArray(result)) return result.map(shapeOf);
  const { command } = result as { command?: string };
  return { command: command ?? '', rowCount: result.rowCount, rows: result.rows };
}

function fieldsOf(error: unknown): unknown {
  const { code, message, detail, hint, severity, constraint, table } = error as Record<string, unknown>;
  return { code, message, detail, hint, severity, constraint, table };
}

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { GiveUpError } from '../../../../../src/base/errors.ts';
import type { Connection } from '../../../../../src/base/model.ts';
import { openPostgres } from '../../../../../src/queue/store/postgres/postgres-store.ts';
import { selfSigned } from '../../../../helpers/certificate.ts';
import { testStore } from '../../../../../src/queue/store/test-store.ts';
import { postgresUrl, sharedPostgres, startPostgres } from '../../../../helpers/postgres.ts';
import { closeBenches, counts, job, openBench, succeed } from '../../../../helpers/queue-bench.ts';
import { describeWith } from '../../../../helpers/requires.ts';
import type { Server } from '../../../../helpers/servers.ts';
import { unique } from '../../../../helpers/unique.ts';
import { until } from '../../../../helpers/until.ts';

describeWith(['postgres', 'openssl'], 'a PostgreSQL store', function () {
  let url: string;

  before(async () => {
    url = postgresUrl(sharedPostgres());
  });
  afterEach(closeBenches);

  async function ask(address: string, text: string): Promise<unknown[]> {
    const client = new Client(address);
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<Record<string, unknown>>(text);
      return rows;
    } finally {
      await client.end();
    }
  }

  /** Makes the server accept only connections that match this line of pg_hba.conf. */
  async function admitOnly(server: Server, line: string): Promise<void> {
    writeFileSync(join(server.directory, 'pg_hba.conf'), `${line}\n`);
    process.kill(server.process.pid ?? 0, 'SIGHUP');
    await until('others are turned away', async () =>
      ask(postgresUrl(server), 'SELECT 1').then(
        () => false,
        () => true,
      ),
    );
  }

  it('completes a job with 100,000 finished ones in the table, and removes the excess', async () => {
    const schema = unique('kept');
    const queue = { queue_name: unique('queue'), keep_completed: 150_000 };
    const bench = openBench({ store: 'postgres', postgres_url: url, schema }, { queue });
    await bench.producer.add(job(1));
    await ask(
      url,
      `INSERT INTO ${schema}.job (queue, id, seq, name, state, data, added_at_ms, finished_at_ms)
       SELECT '${queue.queue_name}', 'old-' || n, -n, 'old', 'completed', '{}', 0, n FROM generate_series(1, 200000) n;
       ANALYZE ${schema}.job`,
    );
    const worker = bench.work(succeed);
    await until('it is completed', () => worker.completed.length === 1);
    await until('others are removed', async () => (await counts(bench))['completed'] === 150_000);
  });

  it('keeps few events, because they contain results', async () => {
    const schema = unique('events');
    const bench = openBench({ store: 'postgres', postgres_url: url, schema });
    await Promise.all(Array.from({ length: 500 }, (_, n) => bench.producer.add(job(n))));
    const worker = bench.work(succeed, { concurrency: 20 });
    await until('all are completed', () => worker.completed.length === 500);
    const [{ events }] = (await ask(url, `SELECT count(*)::int AS events FROM ${schema}.event`)) as [
      { events: number },
    ];
    assert.ok(events < 500, `${events} events of 500 jobs`);
  });

  it('deletes unique keys that expired over a day ago', async () => {
    const schema = unique('keys');
    const bench = openBench({ store: 'postgres', postgres_url: url, schema });
    const deduplication = { id: 'fresh', ttl: 3_600_000 };
    await bench.producer.add(job(1, { deduplication }));
    await ask(
      url,
      `INSERT INTO ${schema}.dedup (queue, dedup_id, job_id, expire_at_ms)
       SELECT '${bench.queue.queue_name}', 'old-' || n, 'job', 0 FROM generate_series(1, 12000) n`,
    );
    bench.work(succeed);
    const left = () => ask(url, `SELECT dedup_id FROM ${schema}.dedup`);
    await until('they are forgotten', async () => (await left()).length === 1);
    assert.deepEqual(await left(), [{ dedup_id: 'fresh' }]);
  });

  it('has an index for marked jobs', async () => {
    const schema = unique('index');
    const bench = openBench({ store: 'postgres', postgres_url: url, schema });
    await bench.producer.add(job(1));
    const statement = `UPDATE job SET stalled_marked = false WHERE queue = 'q' AND stalled_marked`;
    const settings = encodeURIComponent(`-c search_path=${schema} -c enable_seqscan=off`);
    const plan = await ask(`${url}?options=${settings}`, `EXPLAIN ${statement}`);
    assert.match(JSON.stringify(plan), /fp_job_stalled_idx/);
  });

  it('keeps the queues of two schemas apart', async () => {
    const [one, other] = [unique('one'), unique('Other')];
    const first = openBench({ store: 'postgres', postgres_url: url, schema: one });
    const second = openBench({ store: 'postgres', postgres_url: url, schema: other }, { queue: first.queue });
    await first.producer.add(job(1));
    assert.deepEqual(await counts(second), {});
    const worker = second.work(succeed);
    await second.producer.add(job(2));
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual(await counts(first), { waiting: 1 });
    assert.deepEqual(
      worker.taken.map(({ msg }) => msg['payload']),
      [2],
    );
  });

  it('creates its tables once when many open it simultaneously', async () => {
    const schema = unique('many');
    const benches = [1, 2, 3].map(() => openBench({ store: 'postgres', postgres_url: url, schema }));
    await Promise.all(benches.map((bench) => bench.producer.add(job(1))));
    assert.ok(benches.every((bench) => bench.store.connection().state === 'connected'));
  });

  it('starts for a user who owns none of its tables', async () => {
    const schema = unique('granted');
    const bench = openBench({ store: 'postgres', postgres_url: url, schema });
    await bench.producer.add(job(1));
    const user = unique('gateway').replaceAll('-', '_').toLowerCase();
    await ask(
      url,
      `CREATE ROLE ${user} LOGIN; GRANT USAGE ON SCHEMA ${schema} TO ${user};
       GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO ${user};
       GRANT ALL ON ALL SEQUENCES IN SCHEMA ${schema} TO ${user}`,
    );
    const guest = openBench(
      { store: 'postgres', postgres_url: url, schema, username: user },
      { queue: bench.queue },
    );
    const worker = guest.work(succeed);
    await until('it is completed', () => worker.completed.length === 1);
  });

  it('fails when the tables are not those that it knows, and says which part is missing', async () => {
    const schema = unique('changed');
    const bench = openBench({ store: 'postgres', postgres_url: url, schema });
    await bench.producer.add(job(1));
    await bench.close();
    await ask(url, `ALTER TABLE ${schema}.job RENAME stalled_marked TO marked`);
    const other = openBench({ store: 'postgres', postgres_url: url, schema });
    await until('it has failed', () => other.store.connection().state === 'failed');
    assert.match(JSON.stringify(other.connections), /not those of BullMQ 6\.7.*stalled_marked.*install/);
  });

  it('limits the number of connections', async () => {
    const address = `${url}?application_name=counted`;
    const bench = openBench({ store: 'postgres', postgres_url: address });
    const queue = await bench.store.queue(bench.queue.queue_name);
    await Promise.all(Array.from({ length: 50 }, (_, n) => queue.getJob(`${n}`)));
    const rows = await ask(url, `SELECT 1 FROM pg_stat_activity WHERE application_name = 'counted'`);
    assert.equal(rows.length, 4);
  });

  it("fails with the server's message if the database is missing", async () => {
    const bench = openBench({ store: 'postgres', postgres_url: url.replace(/postgres$/, 'nowhere') });
    await until('it has failed', () => bench.store.connection().state === 'failed');
    assert.match(JSON.stringify(bench.connections), /database \\"nowhere\\" does not exist/);
    assert.equal(bench.connections.length, 1);
  });

  it('reports how to install a missing driver', async () => {
    const reported: Connection[] = [];
    const closing = new AbortController();
    const missing = () => Promise.reject(new GiveUpError('the package pg could not be loaded'));
    const driver = openPostgres(
      { store: 'postgres', postgres_url: url, schema: 'bullmq' },
      { report: (connection) => reported.push(connection), warn: () => undefined, closing: closing.signal },
      missing,
    );
    const ready = assert.rejects(driver.ready());
    await until('it has failed', () => reported.length > 0);
    assert.deepEqual(reported[0], { state: 'failed', reason: 'the package pg could not be loaded' });
    closing.abort();
    await ready;
    await driver.close();
  });

  it('waits while the database is read-only, and says so, whatever began the outage', async () => {
    // Use a separate database: other files use the shared one.
    const server = await startPostgres();
    const own = postgresUrl(server);
    const bench = openBench({ store: 'postgres', postgres_url: own });
    await bench.producer.add(job(1));
    const admin = `${own}?options=-c%20default_transaction_read_only%3Doff`;
    const disconnect = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`;
    await ask(admin, 'ALTER DATABASE postgres SET default_transaction_read_only = on');
    await ask(admin, disconnect);
    let isStored = false;
    const added = bench.producer.add(job(2)).then(() => (isStored = true));
    await until('it is found away', () => /read-only/.test(JSON.stringify(bench.connections.at(-1))));
    assert.equal(isStored, false);
    await ask(admin, 'ALTER DATABASE postgres RESET default_transaction_read_only');
    await ask(admin, disconnect);
    await added;
    await bench.store.close();
    await server.stop();
  });

  describe('with TLS', () => {
    let server: Server;
    let ca: string;

    before(async () => {
      const { key, cert } = selfSigned();
      ca = readFileSync(cert, 'utf8');
      server = await startPostgres({ tls: { key, cert } });
      await until('it answers', () => ask(postgresUrl(server), 'SELECT 1').catch(() => undefined));
      await admitOnly(server, 'hostssl all all 127.0.0.1/32 trust');
    });
    after(() => server.stop());

    it('connects with the given certificates, and refuses a server that they do not verify', async () => {
      const address = { store: 'postgres', postgres_url: postgresUrl(server) } as const;
      const bench = openBench({ ...address, tls: { ca } });
      await bench.producer.add(job(1));
      assert.equal(
        await testStore({ ...address, tls: { ca } }).then((words) => words.slice(0, 10)),
        'PostgreSQL',
      );
      await assert.rejects(testStore({ ...address, tls: {} }), /self-signed certificate/);
    });
  });

  describe('with a password', () => {
    let server: Server;

    before(async () => {
      server = await startPostgres();
      await until('it answers', () => ask(postgresUrl(server), 'SELECT 1').catch(() => undefined));
      await ask(postgresUrl(server), `ALTER USER postgres PASSWORD 'p@ss:w/ord %41'`);
      await admitOnly(server, 'host all all 127.0.0.1/32 scram-sha-256');
    });
    after(() => server.stop());

    it("fails with the server's message if it is wrong, and works when it is corrected", async () => {
      const address = { store: 'postgres', postgres_url: postgresUrl(server) } as const;
      const bench = openBench({ ...address, password: 'wrong' });
      const added = bench.producer.add(job(1));
      await until('it has failed', () => bench.store.connection().state === 'failed');
      assert.match(
        JSON.stringify(bench.connections),
        /password authentication failed for user \\"postgres\\"/,
      );
      const right = openBench({ ...address, password: 'p@ss:w/ord %41' });
      await right.producer.add(job(1));
      const admin = new URL(address.postgres_url);
      admin.password = encodeURIComponent('p@ss:w/ord %41');
      await ask(admin.href, `ALTER USER postgres PASSWORD 'wrong'`);
      await added;
      assert.deepEqual(
        bench.connections.map(({ state }) => state),
        ['failed', 'connected'],
      );
    });
  });
});

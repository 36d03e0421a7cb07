import assert from 'node:assert/strict';
import { Redis, type RedisOptions } from 'ioredis';
import { InterruptedError } from '../../../../../src/base/errors.ts';
import { countJobs } from '../../../../../src/queue/inspect/count-jobs.ts';
import { testStore } from '../../../../../src/queue/store/test-store.ts';
import { selfSigned } from '../../../../helpers/certificate.ts';
import { closeBenches, job, openBench, succeed } from '../../../../helpers/queue-bench.ts';
import { startRedis } from '../../../../helpers/redis.ts';
import { describeWith } from '../../../../helpers/requires.ts';
import { freePort, startServer, temporaryDirectory, type Server } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

describeWith(['redis', 'openssl'], 'a Redis store', function () {
  const servers: Server[] = [];
  const start = async (...args: string[]) => {
    const server = await startRedis({ args });
    servers.push(server);
    return server;
  };
  const admins: Redis[] = [];
  const connectAdmin = (port: number, options: RedisOptions = {}) => {
    const admin = new Redis(port, '127.0.0.1', options);
    admins.push(admin);
    return admin;
  };
  const url = ({ port }: Server, rest = '') => `redis://127.0.0.1:${port}${rest}`;

  afterEach(async () => {
    await closeBenches();
    for (const admin of admins.splice(0)) admin.disconnect();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  it("fails with the server's message if the password is wrong, and works when it is corrected", async () => {
    const server = await start('--requirepass', 'right');
    const bench = openBench({ store: 'redis', redis_url: url(server), password: 'wrong' });
    const added = bench.producer.add(job(1));
    await until('it has failed', () => bench.store.connection().state === 'failed');
    assert.match(JSON.stringify(bench.store.connection()), /WRONGPASS/);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(bench.connections.length, 1, JSON.stringify(bench.connections));
    const admin = connectAdmin(server.port, { password: 'right' });
    await admin.config('SET', 'requirepass', 'wrong');
    assert.equal((await added).deduplicated, false);
    assert.deepEqual(bench.connections.at(-1), { state: 'connected' });
  });

  it('fails if a required password is missing', async () => {
    const server = await start('--requirepass', 'right');
    const bench = openBench({ store: 'redis', redis_url: url(server) });
    await until('it has failed', () => bench.store.connection().state === 'failed');
    assert.match(JSON.stringify(bench.store.connection()), /NOAUTH/);
  });

  it('survives a change of the password', async () => {
    const server = await start();
    const bench = openBench({ store: 'redis', redis_url: url(server) });
    const worker = bench.work(succeed);
    await bench.producer.add(job(1));
    await until('it is completed', () => worker.completed.length === 1);
    const admin = connectAdmin(server.port);
    await admin.config('SET', 'requirepass', 'new');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until('it has failed', () => bench.store.connection().state === 'failed');
    const added = bench.producer.add(job(2));
    await admin.config('SET', 'requirepass', '');
    await added;
    await until('the second is completed', () => worker.completed.length === 2);
  });

  it('logs in as an ACL user with special URL characters', async () => {
    const password = 'p@ss:w/ord#%41';
    const server = await start('--user', 'gateway', 'on', `>${password}`, '~*', '&*', '+@all');
    const bench = openBench({ store: 'redis', redis_url: url(server), username: 'gateway', password });
    await bench.producer.add(job(1));
  });

  it('works for a user who may not ask about the server and its clients', async () => {
    const server = await start('--user', 'gateway', 'on', '>secret', '~*', '&*', '+@all', '-@dangerous');
    const address = {
      store: 'redis',
      redis_url: url(server),
      username: 'gateway',
      password: 'secret',
    } as const;
    const bench = openBench(address);
    const worker = bench.work(succeed);
    await bench.producer.add(job(1));
    await until('it is completed', () => worker.completed.length === 1);
    const { completed, workers } = await countJobs(bench.store, bench.queue);
    assert.deepEqual({ completed, workers }, { completed: 1, workers: 1 });
    assert.equal(await testStore(address), 'Redis (version unknown)');
    assert.deepEqual(bench.warnings, []);
  });

  it('says in the words of the server what a user may not do, and goes on as soon as it may', async () => {
    const server = await start('--user', 'gateway', 'on', '>secret', '~*', '&*', '+@all', '-@scripting');
    const address = {
      store: 'redis',
      redis_url: url(server),
      username: 'gateway',
      password: 'secret',
    } as const;
    const bench = openBench(address);
    const other = openBench(address, { queue: bench.queue });
    const worker = other.work(succeed);
    const added = bench.producer.add(job(1));
    for (const { warnings } of [bench, other])
      await until('it is told', () => warnings.some((warning) => warning.includes('NOPERM')));
    const admin = connectAdmin(server.port);
    await admin.call('ACL', 'SETUSER', 'gateway', '+@all');
    await added;
    await until('it is completed', () => worker.completed.length === 1);
  });

  it('uses the given database and prefix', async () => {
    const server = await start();
    const bench = openBench({ store: 'redis', redis_url: url(server, '/3'), prefix: 'plant' });
    await bench.producer.add(job(1));
    const admin = connectAdmin(server.port, { db: 3 });
    assert.equal(await admin.llen(`plant:${bench.queue.queue_name}:wait`), 1);
  });

  it('fails if the database is missing, and does not use another', async () => {
    const server = await start();
    const bench = openBench({ store: 'redis', redis_url: url(server, '/99') });
    const added = assert.rejects(bench.producer.add(job(1)), InterruptedError);
    await until('it has failed', () => bench.store.connection().state === 'failed');
    assert.match(JSON.stringify(bench.connections), /DB index is out of range/);
    await bench.close();
    await added;
  });

  it('supports TLS', async () => {
    const { key, cert } = selfSigned();
    const port = await freePort();
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
    await start('--tls-port', `${port}`, ...files, '--tls-auth-clients', 'no');
    const address = { store: 'redis', redis_url: `rediss://127.0.0.1:${port}` } as const;

    const stranger = openBench(address);
    await until('it has failed', () => stranger.store.connection().state === 'failed');
    assert.match(JSON.stringify(stranger.store.connection()), /self-signed certificate/);

    const { readFileSync } = await import('node:fs');
    const bench = openBench({ ...address, redis_options: { tls: { ca: readFileSync(cert, 'utf8') } } });
    await bench.producer.add(job(1));
  });

  it('warns of a server that may evict keys, and prints nothing', async () => {
    const server = await start('--maxmemory-policy', 'allkeys-lru');
    const printed: unknown[] = [];
    const { warn } = console;
    console.warn = (...words: unknown[]) => printed.push(words);
    try {
      const bench = openBench({ store: 'redis', redis_url: url(server) });
      const worker = bench.work(succeed);
      await bench.producer.add(job(1));
      await until('it is completed', () => worker.completed.length === 1);
      assert.equal(bench.warnings.length, 1);
      assert.match(bench.warnings[0] ?? '', /maxmemory-policy is allkeys-lru, set it to noeviction/);
    } finally {
      console.warn = warn;
    }
    assert.deepEqual(printed, []);
  });

  it('removes what is kept too much in steps, before a worker takes its first job', async () => {
    const server = await start();
    const bench = openBench({ store: 'redis', redis_url: url(server) }, { queue: { keep_completed: 10 } });
    const admin = connectAdmin(server.port);
    const key = (name: string) => `bull:${bench.queue.queue_name}:${name}`;
    for (let n = 1; n <= 1000; n++) await admin.zadd(key('completed'), n, `old-${n}`);
    bench.work(succeed);
    await until('they are removed', async () => (await admin.zcard(key('completed'))) <= 210);
    assert.equal(await admin.zscore(key('completed'), 'old-1000'), '1000', 'the newest stay');
  });

  it('opens many workers before it is connected, without a warning of Node', async () => {
    const warned: string[] = [];
    const hear = ({ message }: Error) => warned.push(message);
    process.on('warning', hear);
    const port = await freePort();
    const bench = openBench({ store: 'redis', redis_url: `redis://127.0.0.1:${port}` });
    for (let n = 0; n < 12; n++) bench.work(succeed);
    servers.push(await startRedis({ port }));
    await until('all are there', async () => (await countJobs(bench.store, bench.queue)).workers === 12);
    process.off('warning', hear);
    assert.deepEqual(warned, []);
  });

  it('waits while Redis is out of memory', async () => {
    const server = await start('--maxmemory', '100kb', '--maxmemory-policy', 'noeviction');
    const bench = openBench({ store: 'redis', redis_url: url(server) });
    let isStored = false;
    const added = bench.producer.add(job(1)).then(() => (isStored = true));
    await until('it is told', () => bench.warnings.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(isStored, false);
    assert.match(bench.warnings.join('\n'), /^jobs wait to be stored: OOM[^\n]*$/);
    const admin = connectAdmin(server.port);
    await admin.config('SET', 'maxmemory', '0');
    await added;
  });

  it('works on a Cluster', async () => {
    // Its nodes talk on the port 10,000 above, which should not be one that systems give to outgoing connections.
    const port = await until('the port is low enough', async () => {
      const free = await freePort();
      return free < 22_000 && free;
    });
    const server = await startRedis({
      port,
      args: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    });
    servers.push(server);
    const admin = connectAdmin(server.port);
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until('the cluster is up', async () =>
      String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
    );
    const options = {
      store: 'redis',
      redis_options: { cluster: [{ host: '127.0.0.1', port: server.port }] },
    } as const;
    const bench = openBench(options as never);
    const worker = bench.work(succeed);
    await bench.producer.add(job(1));
    await until('it is completed', () => worker.completed.length === 1);
    assert.equal((await countJobs(bench.store, bench.queue)).completed, 1);
    assert.match(await testStore(options as never), /^Redis \d/);
  });

  it('finds its master through Sentinel', async () => {
    const master = await start();
    const port = await freePort();
    const directory = temporaryDirectory('sentinel');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(
      `${directory}/sentinel.conf`,
      `port ${port}\nsentinel monitor plant 127.0.0.1 ${master.port} 1\n`,
    );
    servers.push(
      await startServer({
        command: 'redis-server',
        args: [`${directory}/sentinel.conf`, '--sentinel'],
        port,
        directory,
      }),
    );
    const bench = openBench({
      store: 'redis',
      redis_options: { sentinels: [{ host: '127.0.0.1', port }], name: 'plant' },
    });
    const worker = bench.work(succeed);
    await bench.producer.add(job(1));
    await until('it is completed', () => worker.completed.length === 1);
  });
});

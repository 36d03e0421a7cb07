import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { broker, catcher, enqueue, queue, sink, subscribe, worker } from '../helpers/flow.ts';
import { startMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type TestNodeRed } from '../helpers/node-red.ts';
import { postgresUrl, startPostgres } from '../helpers/postgres.ts';
import { publisher } from '../helpers/publisher.ts';
import { sharedRedis, startRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { freePort, temporaryDirectory } from '../helpers/servers.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

const redisAt = (port: number) => ({ store: 'redis' as const, redis_url: `redis://127.0.0.1:${port}` });

describeWith(['postgres'], 'fp-queue-config on PostgreSQL', function () {
  it('a wrong password: red ring with the words of PostgreSQL, and no password in the log', async () => {
    const red = await sharedNodeRed();
    const server = await startPostgres({ password: 'right' });
    const config = (password: string) => ({
      ...queue({ store: 'postgres', postgres_url: postgresUrl(server) }),
      credentials: { password },
    });
    await red.deploy([config('very-wrong'), enqueue()]);
    await untilStatus(red, 'enqueue', /password authentication failed/);
    assert.deepEqual([red.status('enqueue').fill, red.status('enqueue').shape], ['red', 'ring']);
    assert.ok(!red.log.join('\n').includes('very-wrong'));
    await red.deploy([config('right'), enqueue()]);
    await untilStatus(red, 'enqueue', 'connected');
    await red.deploy([]);
    await server.stop();
  });
});

describeWith(['mosquitto', 'redis'], 'config nodes', function () {
  let red: TestNodeRed;

  before(async () => {
    red = await sharedNodeRed();
  });
  afterEach(() => red.deploy([]));

  const ring = (id: string) => {
    const { fill, shape } = red.status(id);
    return `${fill} ${shape}`;
  };

  it('two configs of one queue that differ in retries or retention: one warning, which names both', async () => {
    const address = { store: 'redis', redis_url: `redis://127.0.0.1:${sharedRedis().port}` } as const;
    const one = { ...queue(address), name: 'orders' };
    const other = { ...one, id: 'other', name: 'orders again', max_retries: '7', keep_failed: '2' };
    const elsewhere = { ...other, id: 'elsewhere', name: 'a third', queue_name: unique('queue') };
    await red.deploy([one, other, elsewhere, { ...one, id: 'alike', name: 'like the first' }]);
    const told = red.log.filter((line) => line.includes('the same queue'));
    assert.equal(told.length, 2, told.join());
    assert.match(told.join(), /"orders again" and "orders" .*different max_retries, keep_failed/);
    assert.doesNotMatch(told.join(), /a third/);
  });

  it('a queue that is switched off is not connected to: its nodes are grey, and adding a job is an error', async () => {
    const port = await freePort();
    const caught = probe('caught');
    await red.deploy([
      queue(redisAt(port), { enabled: false }),
      enqueue(),
      worker([]),
      catcher(['caught']),
      sink('caught'),
    ]);
    for (const id of ['enqueue', 'worker']) await untilStatus(red, id, /switched off/);
    assert.equal(ring('worker'), 'grey ring');
    red.node('enqueue').receive({ payload: 1 });
    const [message] = await caught.got(1);
    assert.match((message['error'] as Error).message, /the queue is switched off/);
    assert.ok(!red.log.some((line) => line.includes(`${port}`)), 'nothing was dialled');
  });

  it('a broker that is away: yellow ring, one log line for each change, and it resumes by itself', async () => {
    const port = await freePort();
    await red.deploy([broker({ port }), subscribe(unique('topic'), [])]);
    await untilStatus(red, 'subscribe', /ECONNREFUSED|refused|answers/i);
    assert.equal(ring('subscribe'), 'yellow ring');
    // Long enough for several tries.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(red.log.filter((line) => line.includes('is unreachable')).length, 1, red.log.join('\n'));
    const server = await startMosquitto({ port });
    await untilStatus(red, 'subscribe', '0 received');
    await server.stop();
    await until('yellow again', () => ring('subscribe') === 'yellow ring');
    assert.equal(red.log.filter((line) => line.includes('is unreachable')).length, 2, red.log.join('\n'));
  });

  it('a store that is away: yellow ring, one log line, and it resumes by itself', async () => {
    const port = await freePort();
    const stored = probe('stored');
    await red.deploy([queue(redisAt(port)), enqueue(['stored']), sink('stored')]);
    red.node('enqueue').receive({ payload: 1 });
    await untilStatus(red, 'enqueue', /ECONNREFUSED/);
    assert.equal(ring('enqueue'), 'yellow ring');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(red.log.filter((line) => line.includes('is unreachable')).length, 1, red.log.join('\n'));
    const server = await startRedis({ port });
    await stored.got(1);
    await red.deploy([]);
    await server.stop();
  });

  it('a wrong password for the broker: red ring with its words, and no password in the log', async () => {
    const passwords = join(temporaryDirectory('passwords'), 'passwords');
    execFileSync('mosquitto_passwd', ['-b', '-c', passwords, 'user', 'right'], { stdio: 'ignore' });
    execFileSync('chmod', ['644', passwords]);
    const server = await startMosquitto({ config: ['allow_anonymous false', `password_file ${passwords}`] });
    const config = (password: string) => ({ ...broker(server), credentials: { username: 'user', password } });
    await red.deploy([config('very-wrong'), subscribe(unique('topic'), [])]);
    await until('a red ring', () => ring('subscribe') === 'red ring');
    assert.match(red.log.join('\n'), /authori|bad user/i);
    assert.ok(!red.log.join('\n').includes('very-wrong'));
    await red.deploy([config('right'), subscribe(unique('topic'), [])]);
    await untilStatus(red, 'subscribe', '0 received');
    await red.deploy([]);
    await server.stop();
  });

  it('a wrong password for Redis: red ring with its words, and no password in log or flow', async () => {
    const server = await startRedis({ args: ['--requirepass', 'right'] });
    const config = (password: string) => ({ ...queue(redisAt(server.port)), credentials: { password } });
    await red.deploy([config('very-wrong'), enqueue()]);
    await untilStatus(red, 'enqueue', /WRONGPASS/);
    assert.equal(ring('enqueue'), 'red ring');
    assert.ok(!red.log.join('\n').includes('very-wrong'));
    await red.deploy([config('right'), enqueue()]);
    await untilStatus(red, 'enqueue', 'connected');
    const exported = await (await fetch(`${red.url}/flows`)).text();
    assert.ok(exported.includes(`redis://127.0.0.1:${server.port}`));
    assert.ok(!exported.includes('right'));
    await red.deploy([]);
    await server.stop();
  });

  it('no credential gets into the store with a job', async () => {
    const secrets = { username: 'known-user', password: 'known-secret' };
    const store = await startRedis({ args: ['--requirepass', secrets.password] });
    const server = await startMosquitto();
    const topic = unique('topic');
    const done = probe('done');
    await red.deploy([
      {
        ...queue(redisAt(store.port), { keep_completed: '10' }),
        credentials: { password: secrets.password },
      },
      { ...broker(server), credentials: secrets },
      subscribe(topic, ['enqueue']),
      enqueue(),
      worker(['done']),
      sink('done'),
    ]);
    await untilStatus(red, 'subscribe', '0 received');
    const client = await publisher(server);
    await client.publishAsync(topic, 'a reading', { qos: 1 });
    await done.got(1);
    const log = join(store.directory, 'appendonlydir');
    const stored = () =>
      readdirSync(log)
        .map((file) => readFileSync(join(log, file), 'utf8'))
        .join('');
    // A slow disk lets Redis write two seconds later.
    await until('the job is in the file', () => stored().includes('a reading'));
    assert.ok(!stored().includes('known-'));
    await client.endAsync();
    await red.deploy([]);
    await Promise.all([store.stop(), server.stop()]);
  });

  it('environment variables may stand for properties', async () => {
    const server = await startRedis();
    process.env['FP_TEST_URL'] = `redis://127.0.0.1:${server.port}`;
    process.env['FP_TEST_RETRIES'] = '2';
    const config = { ...queue(redisAt(1)), redis_url: '${FP_TEST_URL}', max_retries: '${FP_TEST_RETRIES}' };
    await red.deploy([config, enqueue()]);
    await untilStatus(red, 'enqueue', 'connected');
    await red.deploy([]);
    await server.stop();
  });

  for (const [type, good, bad] of [
    ['fp-mqtt-config', (port: number) => ({ broker: '127.0.0.1', port }), { broker: 'http://x', qos: 'x' }],
    ['fp-queue-config', (port: number) => redisAt(port), { store: 'oracle' }],
  ] as const) {
    it(`the test button of ${type} answers with what is there, or why not`, async () => {
      const server = type === 'fp-mqtt-config' ? await startMosquitto() : await startRedis();
      const ask = async (body: object) => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${red.url}/fp/test/${type}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        });
        return { status: answer.status, ...((await answer.json()) as { answer?: string; error?: string }) };
      };
      const reached = await ask({ id: 'new', ...good(server.port) });
      assert.equal(reached.status, 200, reached.error);
      assert.ok(reached.answer);
      process.env['FP_TEST_HOST'] = '127.0.0.1';
      process.env['FP_TEST_URL'] = redisAt(server.port).redis_url;
      for (const [host, redis_url] of [
        ['${FP_TEST_HOST}', '${FP_TEST_URL}'],
        ['$(FP_TEST_HOST)', '$(FP_TEST_URL)'],
      ]) {
        const { error } = await ask({ id: 'new', ...good(server.port), broker: host, redis_url });
        assert.equal(error, undefined, 'with environment variables');
      }
      const refused = await ask({ id: 'new', ...good(await freePort()) });
      assert.equal(refused.status, 400);
      assert.match(refused.error ?? '', /ECONNREFUSED|refused/i);
      const invalid = await ask({ id: 'new', ...bad });
      assert.equal(invalid.status, 400);
      assert.match(invalid.error ?? '', /must/);
      await server.stop();
    });
  }
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OptionsError, type BrokerOptions } from '../../../src/index.ts';
import { closing } from '../../helpers/closing.ts';
import { manualSubscriber } from '../../helpers/manual-subscriber.ts';
import { sharedMosquitto, startMosquitto } from '../../helpers/mosquitto.ts';
import { openProxy } from '../../helpers/proxy.ts';
import { publisher } from '../../helpers/publisher.ts';
import { describeWith } from '../../helpers/requires.ts';
import { startScriptedBroker } from '../../helpers/scripted-broker.ts';
import { freePort, temporaryDirectory, type Server } from '../../helpers/servers.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';
import { openReporting } from '../../helpers/reporting-broker.ts';

describeWith(['mosquitto'], 'staying connected to mosquitto', () => {
  const later = closing();

  function open(server: Pick<Server, 'port'>, more: Partial<BrokerOptions> = {}) {
    const opened = openReporting(server, more);
    later(() => opened.broker.close());
    return opened;
  }

  async function publishing(server: Pick<Server, 'port'>) {
    const client = await publisher(server);
    later(() => client.endAsync(true));
    return client;
  }

  async function own(config?: string[]): Promise<Server> {
    const server = await startMosquitto(config ? { config } : {});
    later(() => server.stop());
    return server;
  }

  it('reconnects when the broker restarts, reports each change once, and misses no message', async () => {
    const server = await startMosquitto();
    later(() => server.stop());
    const subscriber = manualSubscriber({ filter: unique('restart') });
    const { broker, reports, states } = open(server, { clean_session: false });
    broker.subscribe(subscriber);
    broker.connect();
    await until('subscribed', () => subscriber.states.length === 1);
    await server.stop();
    await until('tries that failed', () => JSON.stringify(broker.connection).includes('ECONNREFUSED'));
    const again = await startMosquitto({ port: server.port, directory: server.directory });
    later(() => again.stop());
    await until('connected again', () => states().at(-1) === 'connected');
    const client = await publishing(again);
    await client.publishAsync(subscriber.filter, 'after', { qos: 1 });
    (await subscriber.next()).fulfil();
    await broker.close();
    assert.deepEqual(states(), ['connecting', 'connected', 'waiting', 'connected', 'closed']);
    assert.match(JSON.stringify(reports[2]), /closed the connection/);
  });

  it('the keepalive detects a frozen broker, and the connection recovers when it resumes', async () => {
    const server = await own();
    const subscriber = manualSubscriber({ filter: unique('frozen') });
    const { broker, reports, states } = open(server, { keepalive: 1 });
    broker.subscribe(subscriber);
    broker.connect();
    await until('subscribed', () => subscriber.states.length === 1);
    const isNoticed = () => /did not answer within the keepalive time/.test(JSON.stringify(reports));
    // Where this process stood still, mosquitto may have ended the connection before: then once more.
    await until('noticed', async () => {
      await until('connected', () => states().at(-1) === 'connected');
      server.process.kill('SIGSTOP');
      await until('away', () => states().at(-1) === 'waiting');
      server.process.kill('SIGCONT');
      return isNoticed();
    });
    await until('connected again', () => states().at(-1) === 'connected');
    await until('subscribed again', () => subscriber.states.length >= 2);
    const client = await publishing(server);
    // A busy machine may stand still for longer than this keepalive, which is one more outage.
    await until('a message comes', async () => {
      await client.publishAsync(subscriber.filter, 'after', { qos: 1 });
      return subscriber.deliveries.length > 0;
    });
    assert.deepEqual(states().slice(0, 4), ['connecting', 'connected', 'waiting', 'connected']);
  });

  it('closing the connection to a frozen broker takes seconds, not forever', async () => {
    const server = await own();
    const { broker, states } = open(server);
    broker.connect();
    await until('connected', () => states().at(-1) === 'connected');
    server.process.kill('SIGSTOP');
    await broker.close();
    assert.equal(states().at(-1), 'closed');
  });

  for (const protocol of [4, 5] as const) {
    it(`a wrong password is reported as failed, and retried, protocol ${protocol}`, async () => {
      const file = join(temporaryDirectory('passwords'), 'passwords');
      writeFileSync(file, '', { mode: 0o600 });
      const setPassword = (password: string) =>
        execFileSync('mosquitto_passwd', ['-b', file, 'joe', password]);
      setPassword('old');
      const server = await own(['allow_anonymous false', `password_file ${file}`]);
      const { broker, reports, states } = open(server, { username: 'joe', password: 'new', protocol });
      broker.connect();
      await until('refused', () => states().at(-1) === 'failed');
      assert.match(JSON.stringify(reports.at(-1)), /Not authorized \((5|135)\): check username, password/);
      setPassword('new');
      server.process.kill('SIGHUP');
      await until('accepted', () => states().at(-1) === 'connected');
      assert.deepEqual(states(), ['connecting', 'failed', 'connected']);
    });
  }

  it('two clients with the same client_id are reported', async () => {
    const server = sharedMosquitto();
    const client_id = unique('client');
    const first = open(server, { client_id });
    first.broker.connect();
    await until('connected', () => first.states().at(-1) === 'connected');
    const second = open(server, { client_id });
    second.broker.connect();
    const told = () =>
      [...first.reports, ...second.reports].some((report) =>
        /another client use the same client_id/.test(JSON.stringify(report)),
      );
    await until('told', told);
  });

  it('a new connection that is cut is not taken for that of two clients with one client_id', async () => {
    const server = sharedMosquitto();
    const proxy = await openProxy(() => server.port);
    later(() => proxy.close());
    const { broker, reports, states } = open(proxy);
    broker.connect();
    await until('connected', () => states().at(-1) === 'connected');
    proxy.cut();
    await until('cut', () => states().includes('waiting'));
    assert.doesNotMatch(JSON.stringify(reports), /client_id/);
  });
});

describe('connecting', () => {
  const later = closing();

  function open(port: number, more: Partial<BrokerOptions> = {}) {
    const opened = openReporting({ port }, more);
    later(() => opened.broker.close());
    opened.broker.connect();
    return opened;
  }

  it('waits for an unreachable broker, and reports it once', async () => {
    const port = await freePort();
    const { broker, reports, states } = open(port);
    await until('waiting', () => reports.length === 2);
    assert.deepEqual(states(), ['connecting', 'waiting']);
    assert.match(
      JSON.stringify(reports[1]),
      new RegExp(`127.0.0.1:${port}.*ECONNREFUSED.*is the broker running`),
    );
    await broker.close();
    assert.deepEqual(reports.slice(2), [{ state: 'closed' }]);
  });

  it('gives up the first connection after reconnect_retries', async () => {
    const { reports } = open(await freePort(), { reconnect_retries: 2 });
    await until('given up', () => reports.at(-1)?.state === 'failed');
    assert.match(JSON.stringify(reports.at(-1)), /gave up after 3 attempts/);
  });

  it('ignores reconnect_retries once it has been connected', async () => {
    const server = await startScriptedBroker();
    later(() => server.stop());
    const { broker, states } = open(server.port, { reconnect_retries: 0, reconnect_delay: 0.1 });
    await until('connected', () => states().at(-1) === 'connected');
    server.cut();
    await server.stop();
    await until('a try that failed', () => JSON.stringify(broker.connection).includes('ECONNREFUSED'));
    assert.deepEqual(states(), ['connecting', 'connected', 'waiting']);
  });

  it('an invalid key is reported as failed', async () => {
    const { reports } = open(await freePort(), { tls: { key: 'none', cert: 'none' } });
    await until('failed', () => reports.at(-1)?.state === 'failed');
    assert.match(JSON.stringify(reports.at(-1)), /check the TLS settings/);
  });

  it('close ends an attempt in progress, and is idempotent', async () => {
    const { broker, states } = open(1883, { broker: '192.0.2.1' });
    await Promise.all([broker.close(), broker.close()]);
    assert.deepEqual(states(), ['connecting', 'closed']);
  });

  it('refuses an invalid subscription', async () => {
    const { broker } = open(await freePort());
    const wrong = { ...manualSubscriber(), filter: 5 as never, qos: 3 as 2 };
    assert.throws(
      () => broker.subscribe(wrong),
      (error: OptionsError) => {
        assert.equal(error.mistakes.length, 2);
        return error instanceof OptionsError;
      },
    );
  });
});

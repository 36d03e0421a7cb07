import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { openGateway, type GatewayOptions } from '../../../src/index.ts';
import { openInspector } from '../../../src/queue/inspect/inspector.ts';
import { openStore } from '../../../src/queue/store/store.ts';
import { closing } from '../../helpers/closing.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { projectWith } from '../../helpers/project.ts';
import { startScriptedBroker } from '../../helpers/scripted-broker.ts';
import { publisher } from '../../helpers/publisher.ts';
import { freePort, temporaryDirectory } from '../../helpers/servers.ts';
import { describeStores } from '../../helpers/stores.ts';
import { describeWith } from '../../helpers/requires.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';

const root = join(__dirname, '../../../..');

const later = closing();

interface Sections {
  mqtt?: object;
  subscriptions?: object[];
  job_queue?: object;
}

/** A file with the pipeline `double`, and what goes before its defaults. */
function fileWith({ mqtt = {}, subscriptions = [{}], job_queue = {} }: Sections) {
  const folder = projectWith({
    'double.mjs':
      'export default ({ mqtt_message: { n } }) => { if (n < 0) throw new Error("too low"); return n * 2; };',
  });
  const topic = unique('gateway');
  const queue_name = unique('gateway');
  const content = {
    mqtt: { broker: '127.0.0.1', port: sharedMosquitto().port, client_id: unique('client'), ...mqtt },
    subscriptions: subscriptions.map((one: object) => ({ topic, pipeline: 'double', qos: 1, ...one })),
    job_queue: { enabled: true, queue_name, max_retries: 0, ...job_queue },
    base_dir: folder,
  };
  const file = join(folder, 'mqtt_config.yml');
  writeFileSync(file, stringify(content));
  return { file, topic, queue_name };
}

async function opened(file: string, options: GatewayOptions = {}) {
  const lines: string[] = [];
  const note = (text: string) => void lines.push(text);
  const gateway = await openGateway(file, {
    userDir: temporaryDirectory('user'),
    log: { info: note, warn: note, error: note },
    ...options,
  });
  later(() => gateway.stop());
  return { gateway, lines };
}

async function publish(topic: string, ...values: number[]) {
  const client = await publisher(sharedMosquitto());
  for (const n of values) await client.publishAsync(topic, JSON.stringify({ n }), { qos: 1 });
  await client.endAsync();
}

describeWith(['mosquitto'], 'a gateway without Node-RED', () => {
  describeStores('runs async messages as jobs', (address) => {
    it('and counts them in the names of flowerpower-mqtt', async () => {
      const job_queue = await address();
      const { file, topic, queue_name } = fileWith({
        subscriptions: [{ execution_mode: 'async' }],
        job_queue,
      });
      const { gateway, lines } = await opened(file);
      await gateway.start();
      await publish(topic, 1, 2, -1);
      // A job may have ended before the one who enqueued it has heard that it is stored.
      const statistics = await until('all have ended, and are counted', async () => {
        const now = await gateway.statistics();
        const { completed = 0, failed = 0 } = now.job_queue_stats ?? {};
        return completed + failed === 3 && now.pipeline_count === 3 ? now : undefined;
      });
      const { connected, message_count, pipeline_count, error_count, job_queue_enabled } = statistics;
      assert.deepEqual(
        { connected, message_count, pipeline_count, error_count, job_queue_enabled },
        { connected: true, message_count: 3, pipeline_count: 3, error_count: 0, job_queue_enabled: true },
      );
      await until('it is told of', () =>
        /job .* \(double\) is a dead letter: Error: too low/.test(lines.join('\n')),
      );
      const store = openStore(job_queue);
      later(() => store.close());
      const { rows } = await openInspector(store, queue_name).list({ state: 'completed' });
      const results = await Promise.all(
        rows.map(async ({ id }) => (await openInspector(store, queue_name).show(id)).result),
      );
      assert.deepEqual(new Set(results), new Set([2, 4]));
    });
  });

  it('runs sync messages immediately; one that fails is an error and is not run again', async () => {
    const { file, topic } = fileWith({
      subscriptions: [{ execution_mode: 'sync' }],
      job_queue: { enabled: false },
    });
    const { gateway, lines } = await opened(file);
    await gateway.start();
    await publish(topic, 1, -1, 2);
    await until('all have run', async () => (await gateway.statistics()).message_count === 3);
    await until('all have ended', async () => {
      const { pipeline_count = 0, error_count = 0 } = await gateway.statistics();
      return pipeline_count === 2 && error_count === 1;
    });
    await until('it is told of', () => lines.join('\n').includes(`${topic}: Error: too low`));
  });

  it('whose queue is switched off runs async messages immediately', async () => {
    const { file, topic } = fileWith({
      subscriptions: [{ execution_mode: 'async' }],
      job_queue: { enabled: false },
    });
    const { gateway } = await opened(file);
    await gateway.start();
    await publish(topic, 1);
    await until('it has run', async () => (await gateway.statistics()).pipeline_count === 1);
    assert.equal((await gateway.statistics()).job_queue_enabled, false);
  });

  it('finds what came while it was stopped, in a session', async () => {
    const { file, topic } = fileWith({
      mqtt: { clean_session: false },
      subscriptions: [{ execution_mode: 'sync' }],
      job_queue: { enabled: false },
    });
    const userDir = temporaryDirectory('user');
    const first = await opened(file, { userDir });
    await first.gateway.start();
    await first.gateway.stop();
    await publish(topic, 1, 2);
    const { gateway } = await opened(file, { userDir });
    await gateway.start();
    await until('both have run', async () => (await gateway.statistics()).pipeline_count === 2);
  });

  it('tells why it cannot start, and can be stopped then', async () => {
    const { file } = fileWith({
      mqtt: { port: await freePort(), reconnect_retries: 0 },
      job_queue: { enabled: false },
    });
    const { gateway } = await opened(file);
    await assert.rejects(gateway.start(), /^GiveUpError: the broker: .*ECONNREFUSED/);
  });

  it('tells a broker of MQTT 5 how large a packet may be', async () => {
    const server = await startScriptedBroker({ protocolVersion: 5 });
    later(() => server.stop());
    const { file } = fileWith({
      mqtt: { port: server.port, protocol: 5 },
      subscriptions: [{ max_payload: 4 }],
      job_queue: { enabled: false },
    });
    const { gateway } = await opened(file);
    await gateway.start();
    const [connect] = await server.got('connect');
    assert.ok(connect?.cmd === 'connect');
    assert.equal(connect.properties?.maximumPacketSize, 2 * 4096 + 131_072);
  });

  it('refuses a file with a mistake, with its place', async () => {
    const { file } = fileWith({ subscriptions: [{ qos: 7 }] });
    await assert.rejects(
      openGateway(file),
      /mqtt_config\.yml:\d+:\d+: subscriptions\[0\]\.qos must be 0, 1 or 2/,
    );
  });
});

describeWith(['mosquitto'], 'the README', () => {
  it('shows lines that run a file in code', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, code = ''] = /```js\n(const \{ openGateway[\s\S]*?)```/.exec(readme) ?? [];
    const { file } = fileWith({ job_queue: { store: 'embedded' } });
    const folder = dirname(file);
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/node-red-contrib-flowerpower-mqtt'));
    writeFileSync(join(folder, 'script.cjs'), `(async () => {\n${code}\n})();`);
    const env = { ...process.env, HOME: folder };
    const script = spawn(process.execPath, ['script.cjs'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    later(() => script.kill('SIGKILL'));
    const ended = once(script, 'exit');
    let output = '';
    script.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await until(
      'it has printed statistics',
      () => /message_count: 0/.test(output) && /job_queue_stats/.test(output),
    );
    script.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });
});

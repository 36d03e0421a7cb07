import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import type { NodeAPI } from 'node-red';
import register from '../../nodes/fp-metrics/fp-metrics.ts';
import { broker, enqueue, fn, queue, sink, stats, subscribe, worker } from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type TestNodeRed } from '../helpers/node-red.ts';
import { promtool, startPrometheus } from '../helpers/prometheus.ts';
import { publisher } from '../helpers/publisher.ts';
import { describeWith } from '../helpers/requires.ts';
import { freePort } from '../helpers/servers.ts';
import { describeStores, storeCases } from '../helpers/stores.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

const docs = join(__dirname, '../../../docs/monitoring');

describe('fp-metrics', () => {
  it('is off by default', () => {
    // Anything that it would do needs more of Node-RED.
    register({ settings: {} } as NodeAPI);
  });
});

describeWith(['mosquitto'], 'fp-metrics', () => {
  describeStores('', (address) => {
    let red: TestNodeRed;
    let client: MqttClient;

    before(async () => {
      red = await sharedNodeRed();
      client = await publisher(sharedMosquitto());
    });
    after(() => client.endAsync());
    afterEach(() => red.deploy([]));

    it('counts messages, jobs and attempts, and looks into the queue', async () => {
      const [completed, dead] = [probe('completed'), probe('dead')];
      const topic = unique('topic');
      const queueNode = queue(await address(), { max_retries: '1' });
      await red.deploy([
        broker(sharedMosquitto()),
        queueNode,
        subscribe(`${topic}/#`, ['enqueue'], { execution_mode: 'async' }),
        enqueue(),
        worker(['run', 'completed', 'dead']),
        fn('run', "if (msg.payload === 'wrong') throw new Error('wrong'); return msg;", ['end']),
        ...['end', 'completed', 'dead'].map((id) => sink(id)),
      ]);
      await untilStatus(red, 'subscribe', '0 received');
      for (const payload of ['"a"', '"b"', '"wrong"'])
        await client.publishAsync(`${topic}/x`, payload, { qos: 1 });
      await Promise.all([completed.got(2), dead.got(1)]);

      // The counts of a queue are up to a second old. A slow store may answer that a job is stored after it has run, and a
      // first attempt after the second has failed.
      const last = [
        ['fp_queue_jobs', 'state="completed"', 2],
        ['fp_queue_jobs', 'state="dead"', 1],
        ['fp_job_attempts_failed_total', '', 2],
        ['fp_jobs_enqueued_total', '', 3],
        ['fp_mqtt_messages_acknowledged_total', '', 3],
      ] as const;
      const text = await until('the counts are of now', async () => {
        const found = await scrape(red);
        return last.every(([name, label, count]) => valueOf(found, name, label) === count) && found;
      });
      const value = (name: string, label = '') => valueOf(text, name, label);
      const ofQueue = `queue="${String(queueNode['queue_name'])}"`;
      assert.equal(value('fp_queue_up', ofQueue), 1);
      assert.equal(value('fp_queue_jobs', 'state="completed"'), 2);
      assert.equal(value('fp_queue_jobs', 'state="dead"'), 1);
      assert.equal(value('fp_queue_workers'), 1);
      assert.equal(value('fp_queue_paused'), 0);
      assert.equal(value('fp_queue_oldest_waiting_seconds'), 0);
      assert.ok(Number(value('fp_store_response_seconds')) > 0);
      assert.equal(value('fp_jobs_enqueued_total'), 3);
      assert.equal(value('fp_jobs_completed_total'), 2);
      assert.equal(value('fp_job_attempts_failed_total'), 2);
      assert.equal(value('fp_jobs_retried_total'), 1);
      assert.equal(value('fp_jobs_dead_total'), 1);
      assert.equal(value('fp_job_store_seconds_count'), 3);
      assert.equal(value('fp_job_wait_seconds_count'), 3);
      assert.equal(value('fp_job_run_seconds_count'), 4);
      const ofTopic = `topic="${topic}/#"`;
      assert.equal(value('fp_mqtt_connected'), 1);
      assert.equal(value('fp_mqtt_messages_received_total', ofTopic), 3);
      assert.equal(value('fp_mqtt_messages_processed_total', ofTopic), 3);
      assert.equal(value('fp_mqtt_messages_failed_total', ofTopic), 0);
      assert.equal(value('fp_mqtt_messages_dropped_total', ofTopic), 0);
      assert.equal(value('fp_mqtt_messages_acknowledged_total'), 3);
      assert.equal(value('fp_mqtt_messages_unsettled'), 0);
      const memory = value('fp_database_memory_bytes');
      if (queueNode['store'] === 'embedded') assert.ok(Number(memory) > 10_000_000, `${memory}`);
    });
  });
});

describeWith(['redis'], 'fp-metrics', () => {
  it('a store that is away is no error: its queue is down, and its counters remain', async () => {
    const red = await sharedNodeRed();
    const redis_url = `redis://127.0.0.1:${await freePort()}`;
    await red.deploy([queue({ store: 'redis', redis_url }), enqueue()]);
    await untilStatus(red, 'enqueue', /ECONNREFUSED|unreachable/);
    const text = await scrape(red);
    assert.equal(valueOf(text, 'fp_queue_up'), 0);
    assert.equal(valueOf(text, 'fp_jobs_enqueued_total'), 0);
    assert.equal(valueOf(text, 'fp_queue_jobs'), undefined);
    await red.deploy([]);
  });
});

describeWith(['prometheus', 'redis'], 'fp-metrics and Prometheus', () => {
  it('promtool finds no mistake in the metrics, and Prometheus reads them', async () => {
    const red = await sharedNodeRed();
    const address = await storeCases.find(({ kind }) => kind === 'redis')?.address();
    const report = probe('report');
    await red.deploy([
      ...(address ? [queue(address)] : []),
      broker({ port: await freePort() }),
      enqueue(),
      stats(['report'], { broker: 'broker', queue: 'queue' }),
      sink('report'),
    ]);
    red.node('stats').receive({});
    await report.got(1);
    promtool(['check', 'metrics'], await scrape(red));

    const { port, stop } = await startPrometheus(`${red.url}/fp/metrics`);
    const query = `http://127.0.0.1:${port}/api/v1/query?query=fp_queue_up`;
    await until('Prometheus has the queue', async () => {
      const response = await fetch(query);
      // It is starting.
      if (!response.ok) return false;
      const answer = (await response.json()) as { data?: { result: { value: unknown[] }[] } };
      return answer.data?.result[0]?.value[1] === '1';
    });
    await stop();
    await red.deploy([]);
  });

  it('promtool finds no mistake in the example files', () => {
    promtool(['check', 'config', join(docs, 'prometheus.yml')]);
    promtool(['check', 'rules', join(docs, 'alerts.yml')]);
  });

  it('rules and dashboard name metrics that exist', async () => {
    const engine = ['queue-metrics', 'broker-metrics', 'metrics'].map((name) =>
      readFileSync(join(__dirname, '../../../src/engine/metrics', `${name}.ts`), 'utf8'),
    );
    const known = new Set([...engine.join('').matchAll(/name: '(fp_\w+)'/g)].map(([, name]) => name));
    for (const file of ['alerts.yml', 'grafana-dashboard.json']) {
      const used = readFileSync(join(docs, file), 'utf8').match(/\bfp_\w+/g) ?? [];
      assert.ok(used.length > 0);
      for (const name of used) assert.ok(known.has(name.replace(/_bucket$|_sum$|_count$/, '')), name);
    }
  });
});

async function scrape({ url }: TestNodeRed): Promise<string> {
  const response = await fetch(new URL('/fp/metrics', url));
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain;.*version=0\.0\.4/);
  return response.text();
}

/** The value of a metric, with a label as in the text. */
function valueOf(text: string, name: string, label = ''): number | undefined {
  const line = text.split('\n').find((found) => found.startsWith(`${name}{`) && found.includes(label));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

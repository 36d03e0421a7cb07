import assert from 'node:assert/strict';
import type { MqttClient } from 'mqtt';
import { broker, enqueue, queue, sink, stats, subscribe, worker } from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type TestNodeRed } from '../helpers/node-red.ts';
import { publisher } from '../helpers/publisher.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import type { SharedServer } from '../helpers/servers.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

const redis = async () => ({
  store: 'redis' as const,
  redis_url: `redis://127.0.0.1:${sharedRedis().port}`,
});

interface Reported extends Record<string, unknown> {
  payload: Record<string, unknown> & { job_queue_stats: { completed: number } };
}

describeWith(['mosquitto', 'redis'], 'fp-stats', function () {
  let red: TestNodeRed;
  let server: SharedServer;
  let client: MqttClient;

  before(async () => {
    red = await sharedNodeRed();
    server = sharedMosquitto();
    client = await publisher(server);
  });
  after(() => client.endAsync());
  afterEach(() => red.deploy([]));

  it('answers a message with everything that get_statistics() names', async () => {
    const [report, completed] = [probe('report'), probe('completed')];
    const topic = unique('topic');
    const properties = { execution_mode: 'mixed' };
    const queueNode = queue(await redis());
    await red.deploy([
      broker(server),
      queueNode,
      subscribe(topic, ['now', 'enqueue'], properties),
      enqueue(),
      worker(['run', 'completed', []]),
      stats(['report'], { broker: 'broker', queue: 'queue' }),
      ...['now', 'run', 'completed', 'report'].map((id) => sink(id)),
    ]);
    await untilStatus(red, 'subscribe', '0 received');
    await client.publishAsync(topic, 'x', { qos: 1 });
    await client.publishAsync(topic, 'y', { qos: 2 });
    await completed.got(1);
    // A queue's counts may be some seconds old.
    const msg = await until('the completed job is counted', async () => {
      red.node('stats').receive({ payload: 'ask', topic: 'kept' });
      const asked = report.messages.length;
      const last = (await report.got(asked + 1))[asked] as Reported;
      const { pipeline_count, job_queue_stats } = last.payload;
      // The message at QoS 2 may run after the job of the other one.
      return pipeline_count === 2 && job_queue_stats.completed === 1 && last;
    });
    assert.equal(msg['topic'], 'kept');
    const { start_time, runtime_seconds, subscriptions, ...rest } = msg.payload;
    assert.deepEqual(rest, {
      connected: true,
      broker: `127.0.0.1:${server.port}`,
      running: true,
      message_count: 2,
      pipeline_count: 2,
      dropped_count: 0,
      error_count: 0,
      subscriptions_count: 1,
      job_queue_enabled: true,
      job_queue_stats: {
        queue_name: queueNode['queue_name'],
        type: 'redis',
        waiting: 0,
        active: 0,
        delayed: 0,
        prioritized: 0,
        completed: 1,
        failed: 0,
        workers: 1,
        counted_to: Number.MAX_SAFE_INTEGER,
      },
    });
    assert.equal(new Date(String(start_time)).toISOString(), start_time);
    assert.equal(typeof runtime_seconds, 'number');
    const [{ last_message_time, ...subscription }] = subscriptions as [Record<string, unknown>];
    assert.equal(new Date(String(last_message_time)).toISOString(), last_message_time);
    const counts = { message_count: 2, error_count: 0 };
    assert.deepEqual(subscription, { topic, pipeline: 'pipe', qos: 2, ...properties, ...counts });
  });

  it('reports by itself at its interval, until it is removed', async () => {
    const report = probe('report');
    await red.deploy([
      broker(server),
      stats(['report'], { broker: 'broker', interval: '0.05' }),
      sink('report'),
    ]);
    await report.got(3);
    await red.deploy([]);
    const { length } = report.messages;
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(report.messages.length, length);
  });

  it('a queue that only fp-stats looks at is counted, too', async () => {
    const report = probe('report');
    await red.deploy([queue(await redis()), stats(['report'], { queue: 'queue' }), sink('report')]);
    red.node('stats').receive({});
    const [msg] = await report.got(1);
    const { job_queue_stats } = msg['payload'] as { job_queue_stats?: { waiting: number } };
    assert.equal(job_queue_stats?.waiting, 0);
  });
});

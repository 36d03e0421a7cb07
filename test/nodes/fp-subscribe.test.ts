import assert from 'node:assert/strict';
import childProcess from 'node:child_process';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import type { MqttClient } from 'mqtt';
import { broker, catcher, fn, n, sink, subscribe } from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type FlowNode, type TestNodeRed } from '../helpers/node-red.ts';
import { publisher } from '../helpers/publisher.ts';
import { describeWith } from '../helpers/requires.ts';
import type { SharedServer } from '../helpers/servers.ts';
import { probe } from '../helpers/test-nodes.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

describeWith(['mosquitto'], 'fp-subscribe', function () {
  let red: TestNodeRed;
  let server: SharedServer;
  let client: MqttClient;
  let topic: string;

  before(async () => {
    red = await sharedNodeRed();
    server = sharedMosquitto();
    client = await publisher(server);
  });
  after(() => client.endAsync());
  beforeEach(() => (topic = unique('topic')));
  afterEach(() => red.deploy([]));

  /** Deploys one subscription with a probe at each output; `later` is the second, of `mixed` mode. */
  async function start(properties: object, ...more: FlowNode[]): Promise<void> {
    const outputs = [sink('now'), sink('later'), sink('caught')];
    const subscription = subscribe(topic, ['now', 'later'].slice(0, isMixed(properties) ? 2 : 1), properties);
    await red.deploy([broker(server), subscription, ...outputs, ...more]);
    await untilStatus(red, 'subscribe', '0 received');
  }

  async function publish(...payloads: (string | Buffer)[]): Promise<void> {
    for (const payload of payloads) await client.publishAsync(topic, payload, { qos: 1 });
  }

  it('sync runs one message at a time and in order, however slow the flow is', async () => {
    const now = probe('now', { holds: true });
    await start({ execution_mode: 'sync' });
    await publish('1', 'two', '3');
    await until(
      'the broker has sent all',
      () => /3 received|1 received/.test(red.status('subscribe').text ?? '') || now.held.length > 0,
    );
    for (const payload of [1, 'two', 3]) {
      await now.got(1 + [1, 'two', 3].indexOf(payload));
      assert.equal(now.held.length, 1);
      const { msg, done } = now.held.pop() as (typeof now.held)[number];
      assert.equal(msg['payload'], payload);
      done();
    }
  });

  it('async sends every message at once', async () => {
    const now = probe('now', { holds: true });
    await start({ execution_mode: 'async' });
    await publish('1', '2', '3');
    await now.got(3);
    for (const { done } of now.held) done();
  });

  it('shows why a message is tried again, until it is taken', async () => {
    const { fork } = childProcess;
    childProcess.fork = () => {
      throw new Error('no memory');
    };
    try {
      const now = probe('now');
      await start({ deserialization_format: 'pyarrow' });
      await publish(Buffer.from(tableToIPC(tableFromArrays({ a: Int32Array.of(1) }))));
      await untilStatus(red, 'subscribe', /the Arrow decoder cannot start/);
      const text = 'messages wait: the Arrow decoder cannot start: no memory';
      assert.deepEqual(red.log, [`[fp-subscribe:subscribe] ${text}`]);
      childProcess.fork = fork;
      await now.got(1);
      await untilStatus(red, 'subscribe', /received$/);
    } finally {
      childProcess.fork = fork;
    }
  });

  it('mixed runs QoS 2 now and hands QoS 0 and 1 to the queue', async () => {
    const [now, later] = [probe('now'), probe('later')];
    await start({ execution_mode: 'mixed' });
    for (const qos of [0, 1, 2] as const) await client.publishAsync(topic, `${qos}`, { qos });
    await Promise.all([now.got(1), later.got(2)]);
    assert.deepEqual(
      now.messages.map(({ qos }) => qos),
      [2],
    );
    assert.deepEqual(
      later.messages.map(({ qos }) => qos),
      [0, 1],
    );
  });

  for (const [mode, output] of [
    ['async', 'later'],
    ['sync', 'now'],
  ] as const) {
    it(`two outputs mean "run now" and "enqueue" when an environment variable gives the mode ${mode}`, async () => {
      const name = unique('MODE');
      process.env[name] = mode;
      const chosen = probe(output);
      await start({ execution_mode: `\${${name}}`, outputs: 2 });
      await publish('1');
      await chosen.got(1);
    });
  }

  it('a message carries payload, topic, QoS, retain, pipeline, mode and time', async () => {
    const now = probe('now');
    await start({ execution_mode: 'async' });
    await publish('{"a": 1}');
    const [msg] = await now.got(1);
    const { executionTimestamp, _msgid, _fpDelivery, ...rest } = msg;
    assert.deepEqual(rest, {
      payload: { a: 1 },
      topic,
      qos: 1,
      retain: false,
      pipeline: 'pipe',
      executionMode: 'async',
    });
    assert.equal(new Date(String(executionTimestamp)).toISOString(), executionTimestamp);
  });

  for (const { title, payload, properties, words } of [
    {
      title: 'a payload that cannot be decoded reaches Catch with its bytes',
      payload: Buffer.from('{"broken'),
      properties: { deserialization_format: 'json' },
      words: /JSON/,
    },
    {
      title: 'a payload that is too large reaches Catch with its bytes',
      payload: Buffer.alloc(2048, 'x'),
      properties: { max_payload: '1' },
      words: /2048 bytes/,
    },
  ]) {
    it(`${title} and is acknowledged`, async () => {
      const [now, caught] = [probe('now'), probe('caught')];
      await start({ execution_mode: 'async', ...properties }, catcher(['caught']));
      await publish(payload, '"good"');
      const [[msg]] = await Promise.all([caught.got(1), now.got(1)]);
      assert.deepEqual(msg['payload'], payload);
      assert.equal(msg['topic'], topic);
      assert.match((msg['error'] as Error).message, words);
      await untilUnsettled(0);
      assert.equal(now.messages[0]?.['payload'], 'good');
    });
  }

  it('a flow that does not end is ended by its timeout: Catch gets the node that holds the message, and the next runs', async () => {
    const caught = probe('caught');
    await red.deploy([
      broker(server),
      subscribe(topic, ['never'], { execution_mode: 'sync', timeout: '3' }),
      n('never', 'test-never-done'),
      catcher(['caught'], { scope: ['subscribe'] }),
      sink('caught'),
    ]);
    await untilStatus(red, 'subscribe', '0 received');
    await publish('1', '2');
    const messages = await caught.got(2);
    for (const [index, msg] of messages.entries()) {
      assert.match((msg['error'] as Error).message, /longer than 3 s; still held by never/);
      assert.deepEqual(msg['payload'], Buffer.from(`${index + 1}`));
    }
    await untilUnsettled(0);
  });

  it('the status names the node that holds a message for long', async () => {
    await red.deploy([
      broker(server),
      subscribe(topic, ['never'], { execution_mode: 'async' }),
      n('never', 'test-never-done'),
    ]);
    await untilStatus(red, 'subscribe', '0 received');
    await publish('1', '2');
    await untilStatus(red, 'subscribe', '2 held by never, 2 received');
    assert.equal(red.status('subscribe').fill, 'yellow');
  });

  it('a flow that fails is counted, and its message acknowledged', async () => {
    await red.deploy([
      broker(server),
      subscribe(topic, ['f'], { execution_mode: 'sync' }),
      fn('f', 'throw new Error("broken")'),
      n('stats', 'fp-stats', ['report'], { broker: 'broker' }),
      sink('report'),
    ]);
    const report = probe('report');
    await untilStatus(red, 'subscribe', '0 received');
    await publish('1', '2');
    await until('both are counted', async () => {
      report.messages.length = 0;
      red.node('stats').receive({});
      const [msg] = await report.got(1);
      return (msg['payload'] as { error_count: number }).error_count === 2;
    });
    await untilUnsettled(0);
  });

  for (const { drop, kept } of [
    { drop: 'oldest', kept: [1, 5] },
    { drop: 'newest', kept: [1, 2] },
  ]) {
    it(`QoS 0 beyond the buffer drops the ${drop}, which the status shows while the flow still holds the first`, async () => {
      const later = probe('later', { holds: true });
      const lossy = broker(server, { window: '1', qos0_buffer: '1', qos0_drop: drop });
      const subscription = subscribe(topic, ['later'], { execution_mode: 'async' });
      await red.deploy([lossy, subscription, sink('later')]);
      await untilStatus(red, 'subscribe', '0 received');
      for (const number of [1, 2, 3, 4, 5]) await client.publishAsync(topic, `${number}`, { qos: 0 });
      await untilStatus(red, 'subscribe', '1 received, 3 dropped');
      later.holds = false;
      for (const { done } of later.held) done();
      await later.got(2);
      assert.deepEqual(
        later.messages.map(({ payload }) => payload),
        kept,
      );
      await untilStatus(red, 'subscribe', '2 received, 3 dropped');
    });
  }

  /** How many messages the broker waits to hear of. */
  function untilUnsettled(count: number): Promise<unknown> {
    const node = red.node('broker') as unknown as { shared: { use(listener: () => void): Used } };
    return until(`${count} messages are unsettled`, () => {
      const { broker: used, release } = node.shared.use(() => undefined);
      release();
      return used.counts.unsettled === count;
    });
  }
});

function isMixed(properties: { execution_mode?: string; outputs?: number }): boolean {
  return properties.execution_mode === 'mixed' || properties.outputs === 2;
}

interface Used {
  broker: { counts: { unsettled: number } };
  release: () => void;
}

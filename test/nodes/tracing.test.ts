import assert from 'node:assert/strict';
import { Session, type Profiler } from 'node:inspector/promises';
import { basename } from 'node:path';
import { connectAsync } from 'mqtt';
import { broker, config, delay, enqueue, fn, n, queue, sink, subscribe, worker } from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type TestNodeRed } from '../helpers/node-red.ts';
import { redisAddress } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { describeStores } from '../helpers/stores.ts';
import { probe } from '../helpers/test-nodes.ts';
import {
  collectSpans,
  named,
  publishersSpan,
  publishersTrace,
  publishWith,
  traceparent,
} from '../helpers/traces.ts';
import { unique } from '../helpers/unique.ts';
import { until } from '../helpers/until.ts';

describeWith(['mosquitto'], 'tracing in flows', () => {
  const exporter = collectSpans();

  describeStores('', (address) => {
    let red: TestNodeRed;

    before(async () => {
      red = await sharedNodeRed();
      Object.assign(settingsOf(red), { tracing: true });
    });
    after(async () => {
      Object.assign(settingsOf(red), { tracing: false });
      await red.deploy([]);
    });

    it('one trace goes from PUBLISH through both queues', async () => {
      const topic = unique('topic');
      const completed = probe('completed');
      const second = { ...queue(await address()), id: 'second-queue' };
      await red.deploy([
        broker(sharedMosquitto(), { protocol: '5' }),
        queue(await address(), { max_retries: '0' }),
        second,
        subscribe(topic, ['later'], { execution_mode: 'async' }),
        delay('later', ['enqueue']),
        enqueue(),
        worker(['again', [], []]),
        delay('again', ['second']),
        { ...enqueue([], { queue: 'second-queue' }), id: 'second' },
        { ...worker([['end'], ['completed'], []], { queue: 'second-queue' }), id: 'second-worker' },
        sink('end'),
        sink('completed'),
      ]);
      await untilStatus(red, 'subscribe', '0 received');
      await publishWith({ traceparent }, topic);
      await completed.got(1);
      const spans = () => exporter.getFinishedSpans();
      const count = (name: string) => spans().filter((span) => span.name.startsWith(name)).length;
      // A job may have run before the one who stored it has the store's answer.
      await until(
        'all spans have ended',
        () => count('process') === 2 && count('enqueue') === 2 && count('receive') === 1,
      );
      const ofOurs = spans().filter(({ name }) => /^(receive|enqueue|process)/.test(name));
      assert.equal(ofOurs.length, 5, ofOurs.map(({ name }) => name).join());
      for (const span of ofOurs) assert.equal(span.spanContext().traceId, publishersTrace, span.name);
      assert.equal(named(spans(), 'receive').parentSpanContext?.spanId, publishersSpan);
    });
  });
});

/** The code that metrics and tracing need, and nothing else. */
const OPTIONAL =
  /\/dist\/src\/(base\/tracing|engine\/tracing|engine\/metrics\/.*|stats\/(job-counts|metrics-text))\.js$/;

describeWith(['mosquitto', 'redis'], 'metrics and tracing', () => {
  const exporter = collectSpans();
  let red: TestNodeRed;

  before(async () => {
    red = await sharedNodeRed();
  });
  afterEach(async () => {
    Object.assign(settingsOf(red), { metrics: true, tracing: false });
    await red.deploy([]);
  });

  for (const mode of ['sync', 'async'] as const) {
    it(`one trace goes from PUBLISH to what an mqtt out node publishes: ${mode}`, async () => {
      const [topic, outTopic] = [unique('topic'), unique('out')];
      const { port } = sharedMosquitto();
      const seen: Record<string, unknown>[] = [];
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 });
      client.on('message', (_topic, _payload, { properties }) =>
        seen.push({ ...properties?.userProperties }),
      );
      await client.subscribeAsync(outTopic);
      Object.assign(settingsOf(red), { tracing: true });
      await red.deploy([
        broker(sharedMosquitto(), { protocol: '5' }),
        queue(redisAddress()),
        subscribe(topic, [mode === 'sync' ? 'out' : 'set'], { execution_mode: mode }),
        fn('set', "msg.userProperties = { unit: 'C', tracestate: 'old=1' }; return msg;", ['enqueue']),
        enqueue(),
        worker(['out', [], []]),
        n('out', 'mqtt out', [], { broker: 'mqtt', topic: outTopic }),
        config('mqtt', 'mqtt-broker', { broker: '127.0.0.1', port, protocolVersion: 5 }),
      ]);
      await untilStatus(red, 'subscribe', '0 received');
      await untilStatus(red, 'out', /\.connected$/);
      await publishWith({ traceparent }, topic);
      await until('it was published', () => seen.length > 0);
      const parentName = mode === 'sync' ? 'receive' : 'process';
      const spans = await until('its span has ended', () => {
        const all = exporter.getFinishedSpans();
        return all.some(({ name }) => name.startsWith(parentName)) && all;
      });
      const { traceId, spanId } = named(spans, parentName).spanContext();
      assert.equal(traceId, publishersTrace);
      const other = mode === 'async' && { unit: 'C' };
      assert.deepEqual(seen, [{ ...other, traceparent: `00-${traceId}-${spanId}-01` }]);
      await client.endAsync();
    });
  }

  for (const isOn of [true, false]) {
    it(`that are ${isOn ? 'on' : 'off'} run ${isOn ? 'their' : 'no'} code for a message`, async () => {
      Object.assign(settingsOf(red), { metrics: isOn, tracing: isOn });
      const topic = unique('topic');
      const completed = probe('completed');
      await red.deploy([
        broker(sharedMosquitto(), { protocol: '5' }),
        queue(redisAddress()),
        subscribe(topic, ['enqueue'], { execution_mode: 'async' }),
        enqueue(),
        worker(['end', 'completed', []]),
        ...['end', 'completed'].map((id) => sink(id)),
      ]);
      await untilStatus(red, 'subscribe', '0 received');
      const ran = await filesThatRun(async () => {
        await publishWith({ traceparent }, topic);
        await completed.got(1);
      });
      const files = new Set(ran.filter((file) => OPTIONAL.test(file)).map((file) => basename(file)));
      assert.ok(
        ran.some((file) => file.endsWith('/message-runner.js')),
        'functions are seen',
      );
      assert.deepEqual([...files].toSorted(), isOn ? ['job-counts.js', 'tracing.js'] : []);
    });
  }
});

function settingsOf({ RED }: TestNodeRed): object {
  return (RED.settings as { flowerpowerMqtt?: object }).flowerpowerMqtt ?? {};
}

/** Returns the files of the functions that run during the work. */
async function filesThatRun(work: () => Promise<void>): Promise<string[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const hasRun = ({ functions }: Profiler.ScriptCoverage) =>
    functions.some(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0);
  return result.filter(hasRun).map(({ url }) => url);
}

import assert from 'node:assert/strict';
import { broker, delay, enqueue, queue, sink, subscribe, worker } from '../helpers/flow.ts';
import { sharedMosquitto } from '../helpers/mosquitto.ts';
import { sharedNodeRed, untilStatus, type TestNodeRed } from '../helpers/node-red.ts';
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
    const settings = () => (red.RED.settings as { flowerpowerMqtt?: { tracing?: boolean } }).flowerpowerMqtt;

    before(async () => {
      red = await sharedNodeRed();
      Object.assign(settings() ?? {}, { tracing: true });
    });
    after(async () => {
      Object.assign(settings() ?? {}, { tracing: false });
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
      await until('all spans have ended', () => count('process') === 2 && count('receive') === 1);
      const ofOurs = spans().filter(({ name }) => /^(receive|enqueue|process)/.test(name));
      assert.equal(ofOurs.length, 5, ofOurs.map(({ name }) => name).join());
      for (const span of ofOurs) assert.equal(span.spanContext().traceId, publishersTrace, span.name);
      assert.equal(named(spans(), 'receive').parentSpanContext?.spanId, publishersSpan);
    });
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openGateway } from '../../../src/index.ts';
import { sharedMosquitto } from '../../helpers/mosquitto.ts';
import { projectWith } from '../../helpers/project.ts';
import { sharedRedis } from '../../helpers/redis.ts';
import { describeWith } from '../../helpers/requires.ts';
import { temporaryDirectory } from '../../helpers/servers.ts';
import {
  collectSpans,
  named,
  publishersSpan,
  publishersTrace,
  publishWith,
  traceparent,
} from '../../helpers/traces.ts';
import { unique } from '../../helpers/unique.ts';
import { until } from '../../helpers/until.ts';

describeWith(['mosquitto', 'redis'], 'tracing', () => {
  const exporter = collectSpans();

  /** Waits for spans by the beginnings of their names: a job may end before it is known to be stored. */
  const untilEnded = (...names: string[]) =>
    until(`${names.join()} have ended`, () => {
      const spans = exporter.getFinishedSpans();
      const isEnded = (name: string) => spans.some((span) => span.name.startsWith(name));
      return names.every(isEnded) && names.map((name) => named(spans, name));
    });

  it('has one trace from PUBLISH to the completed job', async () => {
    const topic = unique('topic');
    const stop = await gateway(topic, true);
    await publishWith({ traceparent }, topic);
    const parts = await untilEnded('receive', 'enqueue', 'process');
    assert.deepEqual(
      parts.map((span) => span.spanContext().traceId),
      [publishersTrace, publishersTrace, publishersTrace],
    );
    const [receive, enqueue, process] = parts;
    assert.equal(receive?.parentSpanContext?.spanId, publishersSpan);
    assert.equal(enqueue?.parentSpanContext?.spanId, receive?.spanContext().spanId);
    assert.equal(process?.parentSpanContext?.spanId, enqueue?.spanContext().spanId);
    assert.equal(receive?.attributes['messaging.destination.name'], topic);
    await stop();
    for (const { name, parentSpanContext } of exporter.getFinishedSpans())
      assert.ok(parentSpanContext, `${name} has no parent: it is no part of a message`);
  });

  it('begins with the message, if that has no trace', async () => {
    const topic = unique('topic');
    const stop = await gateway(topic, true);
    await publishWith(undefined, topic);
    const [receive, attempt] = await untilEnded('receive', 'process');
    assert.equal(receive?.parentSpanContext, undefined);
    assert.equal(attempt?.spanContext().traceId, receive?.spanContext().traceId);
    await stop();
  });

  it('does nothing where it is off', async () => {
    const topic = unique('topic');
    const ran: unknown[] = [];
    const stop = await gateway(topic, false, () => ran.push(1));
    await publishWith({ traceparent }, topic);
    await until('the job has run', () => ran.length > 0);
    await stop();
    assert.deepEqual(exporter.getFinishedSpans(), []);
  });
});

describe('tracing that is off', () => {
  it('loads no part of OpenTelemetry', () => {
    const engine = JSON.stringify(require.resolve('../../../src/index.js'));
    const loaded = `require(${engine}); console.log(Object.keys(require.cache).join('\\n'))`;
    const files = execFileSync(process.execPath, ['-e', loaded], { encoding: 'utf8' });
    assert.match(files, /bullmq/);
    assert.doesNotMatch(files, /@opentelemetry/);
  });
});

async function gateway(topic: string, tracing: boolean, onLog = () => {}): Promise<() => Promise<void>> {
  const base_dir = projectWith({ 'run.js': 'module.exports = () => console.log("ran");' });
  const userDir = temporaryDirectory('tracing');
  const file = join(userDir, 'mqtt_config.yml');
  const config = {
    mqtt: { broker: '127.0.0.1', port: sharedMosquitto().port, client_id: unique('client'), protocol: 5 },
    subscriptions: [{ topic, pipeline: 'run', qos: 1, execution_mode: 'async' }],
    job_queue: {
      enabled: true,
      type: 'bullmq',
      store: 'redis',
      redis_url: `redis://127.0.0.1:${sharedRedis().port}`,
      queue_name: unique('queue'),
    },
    base_dir,
  };
  writeFileSync(file, JSON.stringify(config));
  const info = (line: string) => {
    if (line.includes('ran')) onLog();
  };
  const log = { info, warn: () => undefined, error: () => undefined };
  const opened = await openGateway(file, { userDir, tracing, log });
  await opened.start();
  return () => opened.stop();
}

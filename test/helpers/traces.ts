import assert from 'node:assert/strict';
import { context, propagation, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import { connectAsync } from 'mqtt';
import { sharedMosquitto } from './mosquitto.ts';

/** A trace context of a publisher. */
export const publishersTrace = '0af7651916cd43dd8448eb211c80319c';
export const publishersSpan = 'b7ad6b7169203331';
export const traceparent = `00-${publishersTrace}-${publishersSpan}-01`;

/** Collects the spans of a suite's tests in memory. */
export function collectSpans(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  before(() => {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  });
  after(() => {
    trace.disable();
    propagation.disable();
    context.disable();
  });
  beforeEach(() => exporter.reset());
  return exporter;
}

/** Finds a span by the beginning of its name. */
export function named(spans: ReadableSpan[], name: string): ReadableSpan {
  const found = spans.find((span) => span.name.startsWith(name));
  assert.ok(found, `${name} is not among ${spans.map((span) => span.name).join(', ')}`);
  return found;
}

/** Publishes a message at QoS 1 with MQTT 5, and with user properties if there are any. */
export async function publishWith(
  userProperties: Record<string, string> | undefined,
  topic: string,
): Promise<void> {
  const client = await connectAsync(`mqtt://127.0.0.1:${sharedMosquitto().port}`, { protocolVersion: 5 });
  await client.publishAsync(topic, '{}', {
    qos: 1,
    ...(userProperties && { properties: { userProperties } }),
  });
  await client.endAsync();
}

import { connectAsync } from 'mqtt';
import { unique } from '../test/helpers/unique.ts';
import { now } from './latencies.ts';
import type { Servers } from './servers.ts';

/** Unique names of a topic, client, queue and worker. */
export interface Line {
  mqttPort: number;
  redisPort: number;
  clientId: string;
  topic: string;
  queue: string;
  concurrency: number;
}

export function newLine({ mosquitto, redis }: Servers): Line {
  return {
    mqttPort: mosquitto.port,
    redisPort: redis.port,
    clientId: unique('client'),
    topic: unique('topic'),
    queue: unique('queue'),
    concurrency: 20,
  };
}

/** Publishes messages that wait at the broker in the persistent session of the line's client. */
export async function fillSession({ mqttPort, clientId, topic }: Line, count: number): Promise<void> {
  const session = await connectAsync({ port: mqttPort, clientId, clean: false });
  await session.subscribeAsync(topic, { qos: 1 });
  await session.endAsync();
  const client = await connectAsync({ port: mqttPort });
  const publish = (seq: number) => client.publishAsync(topic, message(seq), { qos: 1 });
  await Promise.all(Array.from({ length: count }, (_, seq) => publish(seq)));
  await client.endAsync();
}

/** Publishes at a constant rate. */
export async function publishAt(
  perSecond: number,
  seconds: number,
  { mqttPort, topic }: Line,
): Promise<void> {
  const client = await connectAsync({ port: mqttPort });
  const begin = now();
  for (let seq = 0; seq < perSecond * seconds; seq++) {
    const due = begin + (seq * 1000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - now())));
    await client.publishAsync(topic, message(seq), { qos: 1 });
  }
  await client.endAsync();
}

function message(seq: number): string {
  return JSON.stringify({ seq, sentAt: now(), sensor: 'sensor-1', temperature: 61.5 });
}

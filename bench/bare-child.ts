/**
 * A script for comparison that uses only mqtt.js and BullMQ. Each message becomes a job before it is acknowledged,
 * because mqtt.js sends PUBACK when `handleMessage` calls back. A Worker runs two trivial functions on each job.
 * Retries and concurrency are the same as in the compared flow.
 */
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { connect, type MqttClient } from 'mqtt';
import { answerQuestions } from './child.ts';
import type { Line } from './line.ts';
import { latencies } from './latencies.ts';

interface Data {
  topic: string;
  payload: { seq: number; sentAt: number };
}

const latency = latencies();
const first = (data: Data) => data;
const second = ({ payload }: Data) => latency.started(payload.sentAt);
let stop: () => Promise<void> = async () => undefined;

function run({ mqttPort, redisPort, clientId, topic, queue: name, concurrency }: Line): void {
  const connection = new Redis(redisPort, '127.0.0.1', { maxRetriesPerRequest: null });
  const queue = new Queue<Data>(name, { connection });
  const worker = new Worker<Data>(name, async ({ data }) => second(first(data)), { connection, concurrency });
  worker.on('error', (error) => console.error(error));
  const client = connect({ port: mqttPort, clientId, clean: false });
  const retries = { attempts: 4, backoff: { type: 'exponential', delay: 1000 } };
  client.handleMessage = (packet, done) => {
    if (packet.cmd !== 'publish') return done();
    const payload = JSON.parse(packet.payload.toString()) as Data['payload'];
    queue.add('job', { topic: packet.topic, payload }, retries).then(() => done(), done);
  };
  client.subscribe(topic, { qos: 1 });
  stop = () => close({ client, worker, queue, connection });
}

interface Opened {
  client: MqttClient;
  worker: Worker;
  queue: Queue;
  connection: Redis;
}

async function close({ client, worker, queue, connection }: Opened): Promise<void> {
  await client.endAsync();
  await worker.close();
  await queue.close();
  connection.disconnect();
}

answerQuestions({
  ready: () => true,
  run,
  latencies: () => latency.take(),
  delay: () => 0,
  stop: () => stop(),
});

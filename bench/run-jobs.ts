import { Queue } from 'bullmq';
import { openProducer, openStore } from '../src/index.ts';
import { until } from '../test/helpers/until.ts';
import { now } from './latencies.ts';
import type { Line } from './line.ts';

/** Adds jobs for a pipeline to the line's queue on Redis, and returns the completed jobs per second. */
export async function runJobs(line: Line, name: string, count: number): Promise<number> {
  const store = openStore({ store: 'redis', redis_url: `redis://127.0.0.1:${line.redisPort}` });
  const producer = openProducer(store, { queue_name: line.queue });
  const queue = new Queue(line.queue, { connection: { host: '127.0.0.1', port: line.redisPort } });
  try {
    const before = await queue.getCompletedCount();
    const begin = now();
    const jobs = Array.from({ length: count }, () => ({ name, msg: { topic: 'bench', payload: { n: 1 } } }));
    await Promise.all(jobs.map((job) => producer.add(job)));
    const isDone = async () => (await queue.getCompletedCount()) - before >= count;
    await until(`${count} jobs are completed`, isDone, 120_000);
    return (count * 1000) / (now() - begin);
  } finally {
    await queue.close();
    await producer.close();
    await store.close();
  }
}

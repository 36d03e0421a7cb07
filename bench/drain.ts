import { Queue } from 'bullmq';
import { until } from '../test/helpers/until.ts';
import { now } from './latencies.ts';
import { fillSession, newLine, type Line } from './line.ts';
import type { Servers } from './servers.ts';

/** Returns messages per second: `start` connects to a broker with `count` messages, and all become completed jobs. */
export async function drain(
  servers: Servers,
  count: number,
  start: (line: Line) => Promise<unknown>,
): Promise<number> {
  const line = newLine(servers);
  await fillSession(line, count);
  const queue = new Queue(line.queue, { connection: { host: '127.0.0.1', port: line.redisPort } });
  const begin = now();
  await start(line);
  const isDone = async () => (await queue.getCompletedCount()) >= count;
  await until(`${count} jobs are completed`, isDone, 60_000);
  const seconds = (now() - begin) / 1000;
  await checkOnce(queue, count);
  await queue.obliterate({ force: true });
  await queue.close();
  return count / seconds;
}

/** Checks that each message became one job, and each job ran once. */
async function checkOnce(queue: Queue, count: number): Promise<void> {
  const jobs = await queue.getCompleted();
  const seen = new Set(jobs.map(({ data }) => (data.mqtt_message ?? data.payload).seq as number));
  const again = jobs.filter(({ attemptsMade }) => attemptsMade !== 1).length;
  if (seen.size !== count || jobs.length !== count || again > 0) {
    throw new Error(`${count} messages, ${jobs.length} jobs of ${seen.size} messages, ${again} ran again`);
  }
}

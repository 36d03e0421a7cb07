import { openQueue, readPickle, type OpenQueue } from '../../src/index.ts';
import { unique } from '../../test/helpers/unique.ts';
import { now } from '../latencies.ts';
import { alternate, type Row } from '../measured.ts';
import { sharedServers } from '../servers.ts';

const JOBS = 3000;
const ROUNDS = 5;

/** Jobs per second while somebody in the same process hears of their ends. */
export const events: Row = {
  name: 'events',
  async run() {
    const { redis } = await sharedServers();
    const address = { store: 'redis', redis_url: `redis://127.0.0.1:${redis.port}` } as const;
    const queue = openQueue(address, { queue: { queue_name: unique('events') }, readPickle });
    let heard = 0;
    const listening = async () => {
      const stop = queue.listen({ kinds: ['completed', 'dead'], onEvent: () => (heard += 1) });
      const speed = await throughput(queue);
      stop();
      return speed;
    };
    try {
      const [withEvents, without] = await alternate(ROUNDS, listening, () => throughput(queue));
      const share = Math.round((100 * heard) / (ROUNDS * JOBS));
      const detail = `${withEvents.toFixed(0)} and ${without.toFixed(0)} jobs/s, ${share} % heard`;
      const what = 'jobs per second with fp-events (Redis)';
      return [{ what, against: 'without', value: withEvents / without, atLeast: 0.95, detail }];
    } finally {
      await queue.close();
    }
  },
};

async function throughput(queue: OpenQueue): Promise<number> {
  const producer = queue.producer();
  const job = (seq: number) => ({ name: 'job', msg: { topic: 'a', payload: { seq } } });
  await Promise.all(Array.from({ length: JOBS }, (_, seq) => producer.add(job(seq))));
  const begin = now();
  let left = JOBS;
  await new Promise<void>((resolve) => {
    const worker = queue.openWorker({
      concurrency: 20,
      run: async () => undefined,
      onCompleted() {
        left -= 1;
        if (left === 0) void worker.stop().then(resolve);
      },
    });
  });
  return (1000 * JOBS) / (now() - begin);
}

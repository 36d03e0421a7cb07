import { openProducer, openStore, openWorker, type Producer, type Store } from '../../src/index.ts';
import { unique } from '../../test/helpers/unique.ts';
import { now } from '../latencies.ts';
import { alternate, type Row } from '../measured.ts';
import { sharedServers } from '../servers.ts';

const SHORT = 1000;
const LONG = 100_000;
/** Backlog with --long. */
const LONGEST = 1_000_000;
const JOBS = 3000;
const ROUNDS = 3;
/** Below the producer's limit of waiting jobs. */
const SLICE = 5000;

/** The time to add and run a job while many others wait. */
export const backlog: Row = {
  name: 'backlog',
  async run({ isLong }) {
    const { redis } = await sharedServers();
    const store = openStore({ store: 'redis', redis_url: `redis://127.0.0.1:${redis.port}` });
    const [few, many] = [unique('few'), unique('many')];
    const most = isLong ? LONGEST : LONG;
    try {
      await fill(store, few, SHORT);
      await fill(store, many, most);
      const [long, short] = await alternate(
        ROUNDS,
        () => cost(store, many),
        () => cost(store, few),
      );
      const detail = `${(long * 1000).toFixed(0)} and ${(short * 1000).toFixed(0)} us`;
      const what = `cost of a job with ${most} waiting (Redis)`;
      return [{ what, against: `with ${SHORT} waiting`, value: long / short, detail }];
    } finally {
      await store.close();
    }
  },
};

async function fill(store: Store, queue_name: string, count: number): Promise<void> {
  const producer = openProducer(store, { queue_name });
  for (let added = 0; added < count; added += SLICE) await add(producer, Math.min(SLICE, count - added));
  await producer.close();
}

async function add(producer: Producer, count: number): Promise<void> {
  const job = (seq: number) => ({ name: 'job', msg: { topic: 'a', payload: { seq } } });
  await Promise.all(Array.from({ length: count }, (_, seq) => producer.add(job(seq))));
}

/** Returns milliseconds per job. Adds as many jobs as it runs, so that the backlog keeps its length. */
async function cost(store: Store, queue_name: string): Promise<number> {
  const begin = now();
  await fill(store, queue_name, JOBS);
  await runSome(store, queue_name);
  return (now() - begin) / JOBS;
}

async function runSome(store: Store, queue_name: string): Promise<void> {
  let left = JOBS;
  await new Promise<void>((resolve) => {
    const worker = openWorker(store, {
      queue: { queue_name },
      concurrency: 20,
      run: async () => undefined,
      onCompleted() {
        left -= 1;
        if (left === 0) void worker.stop().then(resolve);
      },
    });
  });
}

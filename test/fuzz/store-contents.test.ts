import assert from 'node:assert/strict';
import type { Queue } from 'bullmq';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import type { StoreOptions } from '../../src/queue/store/store-options.ts';
import { closing } from '../helpers/closing.ts';
import { samples } from '../helpers/fuzz.ts';
import { closeBenches, counts, job, openBench, quick, succeed, type Bench } from '../helpers/queue-bench.ts';
import { sharedRedis } from '../helpers/redis.ts';
import { describeWith } from '../helpers/requires.ts';
import { describeStores } from '../helpers/stores.ts';
import { until } from '../helpers/until.ts';

const tag = fc.constantFrom(
  '$buffer',
  '$date',
  '$bigint',
  '$map',
  '$set',
  '$object',
  '$number',
  '__proto__',
  'msg',
  'mqtt_message',
);
/** JSON that another program may store in a job, including our tags. */
const { value: data } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue(),
    fc.dictionary(tag, tie('value'), { maxKeys: 3 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));

const opened = async ({ store, queue }: Bench) => (await store.queue(queue.queue_name)) as unknown as Queue;

describeStores('jobs of another program', (address) => {
  let options: StoreOptions;

  before(async function () {
    options = await address();
  });
  afterEach(closeBenches);

  it('run or fail independently, whatever their data', async function () {
    const bench = openBench(options);
    const queue = await opened(bench);
    const all = samples(data, 200);
    await queue.addBulk(
      all.map((one) => ({ name: 'rubbish', data: JSON.parse(JSON.stringify(one) ?? 'null') })),
    );
    const worker = bench.work(succeed, { concurrency: 20 });
    await until('all have ended', () => worker.completed.length + worker.dead.length >= all.length);
    await bench.producer.add(job('ours'));
    await until('ours ran', () => worker.taken.some(({ msg }) => msg['payload'] === 'ours'));
    assert.deepEqual(Object.keys(Object.prototype), []);
  });
});

describeWith(['redis'], 'manually written keys of a queue (redis)', () => {
  const later = closing();
  afterEach(closeBenches);

  const wrecks: [string, (redis: Redis, key: string) => Promise<unknown>][] = [
    ['data that are not JSON', (redis, key) => redis.hset(key, 'data', '{not json')],
    ['options that are not JSON', (redis, key) => redis.hset(key, 'opts', '[')],
    ['no data', (redis, key) => redis.hdel(key, 'data')],
    ['no fields but one', async (redis, key) => [await redis.del(key), await redis.hset(key, 'x', '1')]],
    ['numbers that are none', (redis, key) => redis.hset(key, 'timestamp', 'x', 'delay', 'y', 'atm', 'z')],
    ['nothing left of the job', (redis, key) => redis.del(key)],
  ];
  for (const [what, wreck] of wrecks) {
    it(`${what}: the jobs after it run`, async function () {
      const { port } = sharedRedis();
      const redis = new Redis(port);
      later(() => redis.disconnect());
      const bench = openBench({ store: 'redis', redis_url: `redis://127.0.0.1:${port}` }, { timing: quick });
      const { id } = await bench.producer.add(job('wrecked'));
      await wreck(redis, `bull:${bench.queue.queue_name}:${id}`);
      await bench.producer.add(job('sound'));
      const worker = bench.work(succeed);
      await until('the sound job ran', () => worker.completed.some(({ msg }) => msg['payload'] === 'sound'));
      await until('nothing is left running', async () => (await counts(bench))['active'] === undefined);
    });
  }
});

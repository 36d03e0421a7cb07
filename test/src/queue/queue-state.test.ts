import assert from 'node:assert/strict';
import { countJobs } from '../../../src/queue/inspect/count-jobs.ts';
import {
  closeBenches,
  counts,
  deadLetters,
  fail,
  job,
  openBench,
  succeed,
} from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { until } from '../../helpers/until.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';

describeStores('the state of a queue', (address) => {
  let options: StoreOptions;

  before(async function () {
    options = await address();
  });
  afterEach(closeBenches);

  it('counts the jobs in each state, and the workers', async () => {
    const bench = openBench(options);
    assert.deepEqual(await countJobs(bench.store, bench.queue), {
      queue_name: bench.queue.queue_name,
      type: options.store,
      waiting: 0,
      active: 0,
      delayed: 0,
      prioritized: 0,
      completed: 0,
      failed: 0,
      workers: 0,
      counted_to: options.store === 'redis' ? Number.MAX_SAFE_INTEGER : 10_000,
    });
    bench.work(succeed);
    bench.work(succeed);
    await until(
      'two workers are seen',
      async () => (await countJobs(bench.store, bench.queue)).workers === 2,
    );
  });

  it('sends events to other processes', async () => {
    const bench = openBench(options);
    const heard: string[] = [];
    const events = await bench.store.events(bench.queue.queue_name);
    events.on('completed', ({ jobId }) => heard.push(jobId));
    // Not one more each time: the more workers, the slower a busy machine.
    bench.work(succeed);
    await until('events arrive', async () => {
      await bench.producer.add(job(1));
      return heard.length > 0;
    });
  });

  it('keeps the configured number of completed jobs', async () => {
    const bench = openBench(options, { queue: { keep_completed: 2 } });
    await Promise.all([1, 2, 3, 4].map((n) => bench.producer.add(job(n))));
    const worker = bench.work(succeed);
    await until('all are completed', () => worker.completed.length === 4);
    await until('two are left', async () => (await counts(bench))['completed'] === 2);
  });

  it('keeps the configured number of dead letters, the newest', async () => {
    const queue = { keep_failed: 2, max_retries: 0 };
    const bench = openBench(options, { queue });
    const worker = bench.work(fail);
    for (const n of [1, 2, 3, 4]) await bench.producer.add(job(n));
    await until('all are dead letters', () => worker.dead.length === 4);
    await until('two are left', async () => (await counts(bench))['failed'] === 2);
    const left = await deadLetters(bench);
    assert.deepEqual(
      left.map(({ id }) => id),
      worker.dead
        .slice(2)
        .map(({ job: { id } }) => id)
        .toReversed(),
    );
  });
});

import assert from 'node:assert/strict';
import { isPrompt } from '../../helpers/is-prompt.ts';
import { closeBenches, counts, job, openBench, succeed } from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { until } from '../../helpers/until.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';

describeStores('adding jobs', (address) => {
  let options: StoreOptions;

  before(async function () {
    options = await address();
  });
  afterEach(closeBenches);

  it('returns the ID of the stored job', async () => {
    const bench = openBench(options);
    const added = await bench.producer.add(job(1));
    assert.match(added.id, /^[\da-f-]{36}$/);
    assert.deepEqual(added, {
      id: added.id,
      name: 'pipeline',
      queue: bench.queue.queue_name,
      deduplicated: false,
    });
    assert.deepEqual(await counts(bench), { waiting: 1 });
  });

  it('combines jobs that arrive during a write into the next one, in the order of arrival', async () => {
    const bench = openBench(options);
    const queue = await bench.store.queue(bench.queue.queue_name);
    const batches: number[] = [];
    const { addBulk } = queue;
    queue.addBulk = (jobs) => {
      batches.push(jobs.length);
      return addBulk.call(queue, jobs);
    };
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    await Promise.all(numbers.map((number) => bench.producer.add(job(number))));
    assert.ok(batches.length <= 3, `${batches.length} writes`);
    const worker = bench.work(succeed);
    await until('all are completed', () => worker.completed.length === 300);
    assert.deepEqual(
      worker.taken.map(({ msg }) => msg['payload']),
      numbers,
    );
  });

  it('keeps Buffers, dates and NUL characters', async () => {
    const bench = openBench(options);
    const payload = { bytes: Buffer.from([0, 255]), at: new Date(0), text: 'a\0\ud800', big: 10n };
    await bench.producer.add(job(payload));
    const worker = bench.work(succeed);
    await until('it is completed', () => worker.completed.length === 1);
    const { executionTimestamp: _time, ...msg } = worker.taken[0]?.msg ?? {};
    assert.deepEqual(msg, { payload, topic: 'a/b', qos: 1, executionMode: 'async' });
  });

  it('takes jobs without a priority first, then lower numbers before higher ones', async () => {
    const bench = openBench(options);
    for (const [name, priority] of [
      ['c', 9],
      ['b', 2],
      ['a', 0],
    ] as const) {
      await bench.producer.add(job(name, { priority }));
    }
    assert.deepEqual(await counts(bench), { waiting: 1, prioritized: 2 });
    const worker = bench.work(succeed);
    await until('all are completed', () => worker.completed.length === 3);
    assert.deepEqual(
      worker.taken.map(({ msg }) => msg['payload']),
      ['a', 'b', 'c'],
    );
  });

  it('takes a delayed job when it is due', async () => {
    const bench = openBench(options);
    const worker = bench.work(succeed);
    await bench.producer.add(job('much later', { delay: 3_600_000 }));
    const added = Date.now();
    await bench.producer.add(job(1, { delay: 300 }));
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual(await counts(bench), { delayed: 1, completed: 1 });
    assert.ok(Date.now() - added >= 290, `after ${Date.now() - added} ms`);
  });

  it('wakes an idle worker immediately', async () => {
    const bench = openBench(options);
    const worker = bench.work(succeed);
    const run = async () => {
      const before = worker.completed.length;
      await bench.producer.add(job(before));
      await until('it is completed', () => worker.completed.length > before);
    };
    await run();
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(await isPrompt(run));
  });
});

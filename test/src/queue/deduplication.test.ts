import assert from 'node:assert/strict';
import { closeBenches, counts, job, openBench, succeed } from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { until } from '../../helpers/until.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';

describeStores('deduplication', (address) => {
  let options: StoreOptions;

  before(async function () {
    options = await address();
  });
  afterEach(closeBenches);

  it('rejects a job while one with the same ID has not finished, and returns the ID of that one', async () => {
    const bench = openBench(options);
    const deduplication = { id: 'sensor:1' };
    const first = await bench.producer.add(job(1, { deduplication }));
    const second = await bench.producer.add(job(2, { deduplication }));
    assert.deepEqual(second, { ...first, deduplicated: true });
    const worker = bench.work(succeed);
    await until('the first is completed', () => worker.completed.length === 1);
    assert.equal((await bench.producer.add(job(3, { deduplication }))).deduplicated, false);
  });

  it('rejects a job within the time to live, also within one write', async () => {
    const bench = openBench(options);
    const deduplication = { id: 'x', ttl: 60_000 };
    const added = await Promise.all([1, 2, 3].map((n) => bench.producer.add(job(n, { deduplication }))));
    assert.deepEqual(
      added.map(({ deduplicated }) => deduplicated),
      [false, true, true],
    );
    assert.equal(new Set(added.map(({ id }) => id)).size, 1);
  });

  it('adds the job of a repeated message only once, even when its job was completed and removed', async () => {
    const bench = openBench(options, { queue: { keep_completed: 0 } });
    const worker = bench.work(succeed);
    const first = await bench.producer.add(job(1, { once: { key: 'client 7', dup: false } }));
    await until('it is completed', () => worker.completed.length === 1);
    await until('it is removed', async () => Object.keys(await counts(bench)).length === 0);
    const again = await bench.producer.add(job(1, { once: { key: 'client 7', dup: true } }));
    assert.deepEqual(again, { ...first, deduplicated: true });
  });

  it('adds the job of a new message with a key that was not deleted', async () => {
    const bench = openBench(options);
    const once = { key: 'client 7', dup: false };
    await bench.producer.add(job(1, { once }));
    assert.equal((await bench.producer.add(job(2, { once }))).deduplicated, false);
  });

  it('adds the job of a repeated message if the first did not arrive or its key was deleted', async () => {
    const bench = openBench(options);
    const once = { key: 'client 7', dup: true };
    assert.equal((await bench.producer.add(job(1, { once }))).deduplicated, false);
    assert.equal((await bench.producer.add(job(1, { once }))).deduplicated, true);
    await bench.producer.forget(once.key);
    assert.equal((await bench.producer.add(job(2, { once }))).deduplicated, false);
  });
});

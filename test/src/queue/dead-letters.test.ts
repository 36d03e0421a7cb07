import assert from 'node:assert/strict';
import { listDeadLetters, retryDeadLetter } from '../../../src/queue/dead-letters.ts';
import { closeBenches, counts, fail, job, openBench, succeed } from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { until } from '../../helpers/until.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';

describeStores('dead letters', (address) => {
  let options: StoreOptions;

  before(async function () {
    options = await address();
  });
  afterEach(closeBenches);

  it('are listed newest first, in pages, with message and stacks', async () => {
    const bench = openBench(options, { queue: { max_retries: 1, backoff: 'fixed', backoff_delay: 0 } });
    const worker = bench.work(fail);
    for (const n of [1, 2, 3]) {
      await bench.producer.add(job(n));
      await until(`${n} is a dead letter`, () => worker.dead.length === n);
    }
    const page = await listDeadLetters(bench.store, bench.queue, { start: 1, limit: 5 });
    assert.deepEqual(
      page.map(({ msg }) => msg['payload']),
      [2, 1],
    );
    assert.deepEqual([page[0]?.error, page[0]?.attempts, page[0]?.stacks.length], ['no luck', 2, 2]);
    assert.ok(Math.abs(Number(page[0]?.failedAt) - Date.now()) < 60_000);
  });

  it('have one order in all pages when they fail in the same millisecond', async () => {
    const bench = openBench(options, { queue: { max_retries: 0 } });
    await Promise.all(Array.from({ length: 60 }, (_, n) => bench.producer.add(job(n))));
    const worker = bench.work(fail, { concurrency: 30 });
    await until('all are dead letters', () => worker.dead.length === 60);
    const starts = [0, 7, 14, 21, 28, 35, 42, 49, 56];
    const pages = starts.map((start) => listDeadLetters(bench.store, bench.queue, { start, limit: 7 }));
    const keys = (await Promise.all(pages)).flat().map(({ failedAt, id }) => `${Number(failedAt)} ${id}`);
    assert.equal(keys.length, 60);
    assert.deepEqual(keys, keys.toSorted().toReversed());
  });

  it('run again with all their attempts when they are retried by hand', async () => {
    const bench = openBench(options, { queue: { max_retries: 1, backoff: 'fixed', backoff_delay: 0 } });
    const { id } = await bench.producer.add(job(1));
    let isMended = false;
    const worker = bench.work(() => (isMended ? succeed() : fail()));
    await until('it is a dead letter', () => worker.dead.length === 1);
    await retryDeadLetter(bench.store, id, bench.queue);
    await until('it is a dead letter again', () => worker.dead.length === 2);
    assert.deepEqual(
      worker.taken.map(({ attempt }) => attempt),
      [1, 2, 1, 2],
    );
    isMended = true;
    await retryDeadLetter(bench.store, id, bench.queue);
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual(await counts(bench), { completed: 1 });
  });

  it('are the only jobs that can be retried by hand', async () => {
    const bench = openBench(options);
    const { id } = await bench.producer.add(job(1));
    await assert.rejects(retryDeadLetter(bench.store, id, bench.queue), /is no dead letter: it is waiting/);
    await assert.rejects(retryDeadLetter(bench.store, 'x', bench.queue), /has no job x/);
  });
});

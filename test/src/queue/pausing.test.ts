import assert from 'node:assert/strict';
import { closeBenches, counts, job, openBench, succeed } from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { until } from '../../helpers/until.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';

describeStores('a worker that is paused', (address) => {
  let options: StoreOptions;

  before(async function () {
    options = await address();
  });
  afterEach(closeBenches);

  it('ends the running job, takes no other one, and continues when it is resumed', async () => {
    const bench = openBench(options);
    await Promise.all([1, 2].map((n) => bench.producer.add(job(n))));
    let finish: (() => void) | undefined;
    const worker = bench.work(() =>
      finish ? succeed() : new Promise<void>((resolve) => (finish = resolve)),
    );
    await until('one runs', () => finish);
    worker.pause();
    finish?.();
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual(await counts(bench), { waiting: 1, completed: 1 });
    worker.resume();
    await until('the other one is completed', () => worker.completed.length === 2);
  });

  it('gives back the job that it was waiting for, without using up an attempt', async () => {
    const bench = openBench(options);
    const worker = bench.work(succeed);
    await bench.producer.add(job(1));
    await until('it waits for the next one', () => worker.completed.length === 1);
    worker.pause();
    await bench.producer.add(job(2));
    await until('it waits again', async () => (await counts(bench))['waiting'] === 1);
    assert.equal(worker.taken.length, 1);
    worker.resume();
    await until('it is completed', () => worker.completed.length === 2);
    assert.equal(worker.taken[1]?.attempt, 1);
  });

  it('starts paused, and waits for running jobs when it stops', async () => {
    const bench = openBench(options);
    const early = bench.work(succeed);
    early.pause();
    await bench.producer.add(job(1));
    let finish: (() => void) | undefined;
    const late = bench.work(() => new Promise<void>((resolve) => (finish = resolve)));
    await until('the other worker runs it', () => finish);
    late.pause();
    const stopped = late.stop(10_000);
    finish?.();
    await stopped;
    assert.deepEqual([early.taken.length, late.completed.length], [0, 1]);
  });
});

import assert from 'node:assert/strict';
import { GiveUpError, OptionsError, PostponedError, SerializeError } from '../../../src/base/errors.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';
import {
  closeBenches,
  counts,
  deadLetters,
  job,
  never,
  openBench,
  type Bench,
} from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { until } from '../../helpers/until.ts';

describeStores('an attempt', (address) => {
  let options: StoreOptions;

  before(async function () {
    options = await address();
  });
  afterEach(closeBenches);

  const queueOf = (bench: Bench) => bench.store.queue(bench.queue.queue_name);

  it('stores progress, and reports it to the worker', async () => {
    const bench = openBench(options);
    const { id } = await bench.producer.add(job(1));
    const told: unknown[] = [];
    const worker = bench.work(
      async (_job, attempt) => {
        await attempt.progress(40);
        await attempt.progress({ step: 'two', of: 3 });
      },
      { onProgress: (_job, progress) => told.push(progress) },
    );
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual(told, [40, { step: 'two', of: 3 }]);
    const stored = await (await queueOf(bench)).getJob(id);
    assert.deepEqual(stored?.progress, { step: 'two', of: 3 });
  });

  it('refuses invalid progress', async () => {
    const bench = openBench(options);
    await bench.producer.add(job(1));
    const refused: unknown[] = [];
    const worker = bench.work(async (_job, attempt) => {
      for (const progress of ['half', 101, Number.NaN, null, { big: 'x'.repeat(20_000) }])
        await attempt.progress(progress).catch((error) => refused.push(error));
    });
    await until('it is completed', () => worker.completed.length === 1);
    assert.ok(refused.slice(0, 4).every((error) => error instanceof OptionsError));
    assert.ok(refused[4] instanceof SerializeError);
  });

  it('adds log lines, truncated to a length that every store supports', async () => {
    const bench = openBench(options);
    const { id } = await bench.producer.add(job(1));
    const worker = bench.work(async (_job, attempt) => {
      await attempt.log('first');
      await attempt.log(`NUL \0 ${'x'.repeat(5000)}`);
    });
    await until('it is completed', () => worker.completed.length === 1);
    const { logs, count } = await (await queueOf(bench)).getJobLogs(id);
    assert.equal(count, 2);
    assert.equal(logs[0], 'first');
    assert.equal(logs[1], `NUL \ufffd ${'x'.repeat(1994)}`);
  });

  it('sets the result of the completed job; refuses one that cannot be stored', async () => {
    const bench = openBench(options);
    await bench.producer.add(job(1));
    const worker = bench.work((_job, attempt) => {
      assert.throws(() => attempt.setResult({ a: [() => 1] }), /result\.a\[0\] cannot be stored/);
      attempt.setResult({ bytes: Buffer.from('ab'), at: new Date(0) });
      return Promise.resolve(attempt.result);
    });
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual(worker.results, [{ bytes: Buffer.from('ab'), at: new Date(0) }]);
  });

  it('can be ended with an error, with or without further attempts', async () => {
    const bench = openBench(options, { queue: { max_retries: 3 } });
    await bench.producer.add(job(1));
    const worker = bench.work(({ attempt: number }, attempt) => {
      attempt.end(number === 1 ? new Error('not yet') : new GiveUpError('never'));
      return never();
    });
    await until('it is a dead letter', () => worker.dead.length === 1);
    assert.equal(worker.dead[0]?.job.attempt, 2);
    assert.equal((await deadLetters(bench))[0]?.error, 'never');
  });

  it('can be postponed without using up an attempt', async () => {
    const bench = openBench(options, { queue: { max_retries: 0 } });
    await bench.producer.add(job('later'));
    const began = Date.now();
    const worker = bench.work((_job, attempt) => {
      if (worker.taken.length > 3) return Promise.resolve();
      // On a busy machine its delay could be over before it was counted.
      if (worker.taken.length === 1) worker.pause();
      attempt.end(new PostponedError(200));
      return never();
    });
    await until('it waits', async () => (await counts(bench))['delayed'] === 1);
    worker.resume();
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual(
      worker.taken.map(({ attempt }) => attempt),
      [1, 1, 1, 1],
    );
    assert.ok(Date.now() - began >= 590, 'each time after its delay');
  });
});

import assert from 'node:assert/strict';
import { GiveUpError, TimedOutError } from '../../../src/base/errors.ts';
import {
  closeBenches,
  counts,
  deadLetters,
  fail,
  job,
  never,
  openBench,
  succeed,
} from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { until } from '../../helpers/until.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';

describeStores('running jobs', (address) => {
  let options: StoreOptions;

  before(async function () {
    options = await address();
  });
  afterEach(closeBenches);

  it('reports a completed job after the store has recorded it', async () => {
    const bench = openBench(options);
    await bench.producer.add(job(1));
    const worker = bench.work(succeed);
    await until('it is completed', () => worker.completed.length === 1);
    assert.deepEqual(await counts(bench), { completed: 1 });
    assert.equal(worker.completed[0]?.attempt, 1);
    assert.equal(worker.running(), 0);
  });

  it('runs as many at a time as allowed', async () => {
    const bench = openBench(options);
    await Promise.all([1, 2, 3, 4, 5].map((n) => bench.producer.add(job(n))));
    const worker = bench.work(never, { concurrency: 3 });
    await until('three run', () => worker.running() === 3);
    assert.deepEqual(await counts(bench), { waiting: 2, active: 3 });
  });

  it('runs many at a time without a warning of a leak', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    const bench = openBench(options);
    await Promise.all(Array.from({ length: 30 }, (_, n) => bench.producer.add(job(n))));
    const worker = bench.work(never, { concurrency: 30 });
    await until('all run', () => worker.running() === 30);
    process.off('warning', hear);
    assert.deepEqual(warnings, []);
  });

  it('keeps to a rate limit', async () => {
    const bench = openBench(options);
    await Promise.all([1, 2, 3].map((n) => bench.producer.add(job(n))));
    const worker = bench.work(succeed, { concurrency: 3, limiter: { max: 2, duration: 600_000 } });
    await until('two are completed', () => worker.completed.length === 2);
    await until('the third waits', async () => (await counts(bench))['waiting'] === 1);
    assert.equal(worker.taken.length, 2);
  });

  it('limits the delay of retries', async () => {
    const bench = openBench(options, { queue: { backoff_delay: 86_400, backoff_max: 60 } });
    const { id } = await bench.producer.add(job(1));
    bench.work(fail);
    await until('it waits for its retry', async () => (await counts(bench))['delayed'] === 1);
    const queue = await bench.store.queue(bench.queue.queue_name);
    assert.equal((await queue.getJob(id))?.delay, 60_000);
  });

  it('retries a failed job, with growing delay, until the last attempt makes it a dead letter', async () => {
    const bench = openBench(options, {
      queue: { max_retries: 2, backoff_delay: 0.05 },
    });
    const { id } = await bench.producer.add(job({ a: 1 }));
    const times: number[] = [];
    const worker = bench.work((taken) => {
      times.push(Date.now());
      (taken.msg['payload'] as { a: number }).a++;
      return fail();
    });
    await until('it is a dead letter', () => worker.dead.length === 1);
    assert.deepEqual(
      worker.taken.map(({ attempt, attempts }) => [attempt, attempts]),
      [
        [1, 3],
        [2, 3],
        [3, 3],
      ],
    );
    assert.ok(
      (times[1] ?? 0) - (times[0] ?? 0) >= 45 && (times[2] ?? 0) - (times[1] ?? 0) >= 95,
      times.join(),
    );
    assert.deepEqual(
      worker.retried.map(({ job: { attempt } }) => attempt),
      [1, 2],
    );
    const [{ job: dead, error }] = worker.dead as [(typeof worker.dead)[0]];
    assert.deepEqual([dead.id, dead.attempt, dead.msg['payload']], [id, 3, { a: 1 }]);
    assert.match(error.stack ?? '', /no luck[\s\S]*running/);
    assert.deepEqual(await counts(bench), { failed: 1 });
  });

  it('makes a job a dead letter immediately after a GiveUpError', async () => {
    const bench = openBench(options);
    await bench.producer.add(job(1));
    const gone = new GiveUpError('hopeless');
    const worker = bench.work(() => Promise.reject(gone));
    await until('it is a dead letter', () => worker.dead.length === 1);
    assert.equal(worker.dead[0]?.error, gone);
    assert.equal(worker.taken.length, 1);
  });

  it('records errors and results that PostgreSQL would reject', async () => {
    const bench = openBench(options, { queue: { max_retries: 0 } });
    await bench.producer.add(job('fails'));
    await bench.producer.add(job('works'));
    const worker = bench.work(({ msg }) =>
      msg['payload'] === 'fails'
        ? Promise.reject(new Error('a\0b\ud800'))
        : Promise.resolve({ text: 'a\0b', self: never }),
    );
    await until('both have ended', () => worker.dead.length + worker.completed.length === 2);
    assert.equal((await deadLetters(bench))[0]?.error, 'a\ufffdb\ufffd');
  });

  it('fails with a message even if the rejection has none', async () => {
    const bench = openBench(options, { queue: { max_retries: 0 } });
    await bench.producer.add(job(1));
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- a flow may do this
    const worker = bench.work(() => Promise.reject(undefined));
    await until('it is a dead letter', () => worker.dead.length === 1);
    assert.equal(worker.dead[0]?.error.message, 'undefined');
  });

  it('fails an attempt that times out, names its holders, and aborts the run', async () => {
    const bench = openBench(options, { queue: { max_retries: 0 } });
    await bench.producer.add(job(1));
    let reason: unknown;
    const worker = bench.work(
      (_job, { signal }) => {
        signal.addEventListener('abort', () => (reason = signal.reason));
        return never();
      },
      { timeout: 100, describe: () => ['function "slow"', 'delay'] },
    );
    await until('it is a dead letter', () => worker.dead.length === 1);
    assert.ok(reason instanceof TimedOutError);
    assert.equal(worker.dead[0]?.error, reason);
    assert.match(reason.message, /longer than 0\.1 s; still held by function "slow", delay$/);
  });
});

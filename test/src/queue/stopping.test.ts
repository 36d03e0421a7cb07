import assert from 'node:assert/strict';
import { retryJob } from '../../../src/queue/inspect/change-job.ts';
import {
  abandon,
  closeBenches,
  counts,
  fail,
  job,
  never,
  openBench,
  quick,
  succeed,
} from '../../helpers/queue-bench.ts';
import { describeStores } from '../../helpers/stores.ts';
import { until } from '../../helpers/until.ts';
import type { StoreOptions } from '../../../src/queue/store/store-options.ts';

describeStores('a worker', (address) => {
  let options: StoreOptions;

  before(async function () {
    options = await address();
  });
  afterEach(closeBenches);

  describe('that stops', () => {
    it('waits for running jobs, and takes no others', async () => {
      const bench = openBench(options);
      await Promise.all([1, 2].map((n) => bench.producer.add(job(n))));
      let finish: (() => void) | undefined;
      const worker = bench.work(() => new Promise<void>((resolve) => (finish = resolve)));
      await until('one runs', () => finish);
      const stopped = worker.stop(10_000);
      finish?.();
      await stopped;
      assert.deepEqual([worker.completed.length, worker.taken.length], [1, 1]);
      assert.deepEqual(await counts(bench), { waiting: 1, completed: 1 });
    });

    it('does not wait for its rate limit', async () => {
      const bench = openBench(options);
      const worker = bench.work(succeed, { limiter: { max: 1, duration: 3_600_000 } });
      await Promise.all([1, 2].map((n) => bench.producer.add(job(n))));
      await until('the limit is reached', () => worker.completed.length === 1);
      let hasStopped = false;
      void worker.stop(60_000).then(() => (hasStopped = true));
      await until('it has stopped', () => hasStopped);
      assert.deepEqual(await counts(bench), { waiting: 1, completed: 1 });
    });

    it('returns jobs that do not end in time, first in line and without using up an attempt', async () => {
      const bench = openBench(options);
      await bench.producer.add(job('given back'));
      const worker = bench.work(never);
      await until('it runs', () => worker.running() === 1);
      await bench.producer.add(job('waiting'));
      // The job that runs never ends.
      await worker.stop(100);
      assert.deepEqual(await counts(bench), { waiting: 2 });
      const next = bench.work(succeed);
      await until('both are completed', () => next.completed.length === 2);
      assert.deepEqual(
        next.taken.map(({ msg, attempt }) => [msg['payload'], attempt]),
        [
          ['given back', 1],
          ['waiting', 1],
        ],
      );
    });

    it('returns a job with a priority to the head of its priority', async () => {
      const bench = openBench(options);
      await bench.producer.add(job('given back', { priority: 5 }));
      const worker = bench.work(never);
      await until('it runs', () => worker.running() === 1);
      await bench.producer.add(job('waiting', { priority: 5 }));
      await worker.stop(0);
      const next = bench.work(succeed);
      await until('both are completed', () => next.completed.length === 2);
      assert.deepEqual(
        next.taken.map(({ msg }) => msg['payload']),
        ['given back', 'waiting'],
      );
    });

    it('continues after a restart with jobs in every state', async () => {
      const first = openBench(options, { queue: { max_retries: 0 } });
      await first.producer.add(job('fails'));
      await first.producer.add(job('works'));
      const worker = first.work(({ msg }) => (msg['payload'] === 'fails' ? fail() : succeed()));
      await until('both have ended', () => worker.dead.length + worker.completed.length === 2);
      await worker.stop();
      await first.producer.add(job('delayed', { delay: 500 }));
      await first.producer.add(job('urgent', { priority: 1 }));
      await first.producer.add(job('busy'));
      const busy = first.work(never);
      await until('one is busy', () => busy.running() === 1);
      await first.producer.add(job('waiting'));
      await first.close();

      const second = openBench(options, { queue: first.queue });
      const { delayed, waiting, ...others } = await counts(second);
      // The delayed one is due soon, on a slow machine by now.
      assert.equal(Number(delayed ?? 0) + Number(waiting), 3);
      assert.deepEqual(others, { prioritized: 1, completed: 1, failed: 1 });
      const next = second.work(succeed);
      await until('all are completed', () => next.completed.length === 4);
      const inOrder = next.taken.map(({ msg }) => msg['payload']).filter((payload) => payload !== 'delayed');
      assert.deepEqual(inOrder, ['busy', 'waiting', 'urgent']);
    });
  });

  describe('that was killed', () => {
    it('does not lose its jobs: they run again', async () => {
      const bench = openBench(options, { timing: quick });
      await bench.producer.add(job(1));
      await abandon(bench);
      const worker = bench.work(succeed);
      await until('it is completed', () => worker.completed.length === 1);
      assert.equal(worker.completed[0]?.attempt, 1);
    });

    it('loses no job; one that kills every worker becomes a dead letter, which can be retried', async () => {
      const bench = openBench(options, { timing: quick });
      const { id } = await bench.producer.add(job('poison'));
      for (let kill = 1; kill <= 6; kill++) await abandon(bench);
      await bench.producer.add(job('innocent'));
      const worker = bench.work(succeed);
      await until('it is a dead letter', () => worker.dead.length === 1);
      assert.match(worker.dead[0]?.error.message ?? '', /stalled/);
      assert.equal(worker.dead[0]?.job.msg['payload'], 'poison');
      await until('the other is completed', () => worker.completed.length === 1);
      await retryJob(bench.store, bench.queue.queue_name, id);
      await until('it is completed, too', () => worker.completed.length === 2);
    });
  });
});

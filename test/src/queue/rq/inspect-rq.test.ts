import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { GiveUpError, OptionsError } from '../../../../src/base/errors.ts';
import type { Inspector } from '../../../../src/queue/inspect/inspector.ts';
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import { inspectRq } from '../../../../src/queue/rq/inspect/inspect-rq.ts';
import { closing } from '../../../helpers/closing.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { startRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import {
  openRqBench,
  pythonWithRq,
  resultOf,
  rqReleases,
  runBurst,
  runProgram,
  startRqWorker,
  type RqBench,
} from '../../../helpers/rq.ts';
import { temporaryDirectory, type Server } from '../../../helpers/servers.ts';
import { until } from '../../../helpers/until.ts';
import { join } from 'node:path';

for (const { release, needs, python } of rqReleases) {
  describeWith(needs, `a queue of ${release}, looked into`, function () {
    const later = closing();
    let server: Server;
    before(async () => {
      server = await startRedis();
    });
    after(() => server.stop());

    const open = (options: Parameters<typeof openRqBench>[1] = {}) => {
      const bench = openRqBench(server.port, options);
      later(() => bench.close());
      return { ...bench, inspector: inspectRq(bench.store, { queue_name: bench.queue, readPickle }) };
    };
    const redis = () => {
      const client = new Redis(server.port);
      later(() => client.disconnect());
      return client;
    };
    const burst = ({ queue }: RqBench) => runBurst(python, { port: server.port, queue });
    const inPython = <T>({ queue }: RqBench, lines: string[]) =>
      pythonWithRq<T>(python, { port: server.port, queue }, lines);
    const url = () => `redis://127.0.0.1:${server.port}`;
    const without = async (inspector: Inspector) => {
      const { counts } = await inspector.state();
      return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
    };

    it('has the numbers that rqinfo shows, and Python', async () => {
      const bench = open();
      const failing = open({ queue_name: bench.queue, function: 'rq_tasks.fail' });
      await Promise.all([1, 2, 3].map((n) => bench.producer.add(job(n))));
      await failing.producer.add(job(4));
      await burst(bench);
      await Promise.all([1, 2].map((n) => bench.producer.add(job(n))));
      await bench.producer.add(job(5, { delay: 60_000 }));
      const { id } = await bench.producer.add(job(6));
      await bench.inspector.cancel(id);
      const expected = { waiting: 2, delayed: 1, completed: 3, dead: 1, canceled: 1 };
      assert.deepEqual(await without(bench.inspector), expected);
      const args = ['--url', url(), '--raw', '--only-queues', bench.queue];
      const info = await runProgram(python, 'rqinfo', args);
      assert.match(info, new RegExp(`queue ${bench.queue} 2`));
      const theirs = await inPython(bench, [
        'print(json.dumps(dict(waiting=queue.count, delayed=queue.scheduled_job_registry.count,',
        '    completed=queue.finished_job_registry.count, dead=queue.failed_job_registry.count,',
        '    canceled=queue.canceled_job_registry.count)))',
      ]);
      assert.deepEqual(theirs, expected);
      const { waiting, completed, failed, delayed, type } = await bench.inspector.counts();
      assert.deepEqual(
        { waiting, completed, failed, delayed, type },
        { waiting: 2, completed: 3, failed: 1, delayed: 1, type: 'rq' },
      );
    });

    it('lists jobs with pipeline and topic, in pages, in both orders', async () => {
      const bench = open();
      const added = [];
      for (let n = 0; n < 5; n++) added.push(await bench.producer.add(job(n)));
      const ids = added.map(({ id }) => id);
      for (const [order, expected] of [
        ['oldest', ids],
        ['newest', ids.toReversed()],
      ] as const) {
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await bench.inspector.list({ state: 'waiting', order, limit: 2, cursor });
          for (const { id, name, topic, attempt, attempts } of page.rows) {
            assert.deepEqual([name, topic, attempt, attempts], ['pipeline', 'a/b', 0, 1]);
            found.push(id);
          }
          cursor = page.next;
        } while (cursor !== undefined);
        assert.deepEqual(found, expected, order);
      }
    });

    it('lists finished and failed ones, with the last line of the traceback', async () => {
      const bench = open({ function: 'rq_tasks.fail', max_retries: 1 });
      const fine = open({ queue_name: bench.queue });
      for (let n = 0; n < 3; n++) await fine.producer.add(job(n));
      const { id } = await bench.producer.add(job(1));
      await burst(bench);
      const { rows } = await bench.inspector.list({ state: 'dead' });
      assert.deepEqual(
        rows.map((row) => [row.id, row.error, row.attempt, row.attempts]),
        [[id, 'ValueError: no luck', 2, 2]],
      );
      const first = await bench.inspector.list({ state: 'completed', limit: 2 });
      const next = await bench.inspector.list({ state: 'completed', limit: 2, cursor: first.next });
      assert.deepEqual([first.rows.length, next.rows.length, next.next], [2, 1, undefined]);
      assert.ok(first.rows.every((row) => row.finishedAt && row.startedAt && row.addedAt <= row.startedAt));
    });

    it('shows one job in full: message, result or traceback', async () => {
      const bench = open({ function: 'rq_tasks.same' });
      const failing = open({ queue_name: bench.queue, function: 'rq_tasks.fail' });
      const [fine, bad] = [await bench.producer.add(job({ n: 1 })), await failing.producer.add(job('on'))];
      assert.deepEqual((await bench.inspector.show(bad.id)).msg, { payload: 'on', topic: 'a/b', qos: 1 });
      await burst(bench);
      const { state, msg, result, name } = await bench.inspector.show(fine.id);
      assert.deepEqual(
        [state, msg, result, name],
        ['completed', { payload: { n: 1 }, topic: 'a/b', qos: 1 }, { n: 1 }, 'pipeline'],
      );
      const dead = await bench.inspector.show(bad.id);
      assert.deepEqual([dead.state, dead.error], ['dead', 'ValueError: no luck']);
      assert.match(dead.stacks[0] ?? '', /Traceback/);
      await assert.rejects(bench.inspector.show('nobody'), /has no job nobody/);
    });

    it("shows Python's own jobs, too", async () => {
      const bench = open();
      await inPython(bench, [
        'queue.enqueue("rq_tasks.words_of", 1, {"a": (1, b"x")}, key="k")',
        'queue.enqueue("rq_tasks.words_of", object())',
        'print("null")',
      ]);
      const { rows } = await bench.inspector.list({ state: 'waiting', order: 'oldest' });
      assert.equal(rows[0]?.name, 'rq_tasks.words_of');
      assert.match(rows[1]?.name ?? '', /^rq_tasks\.words_of\(<object object/);
      const { msg } = await bench.inspector.show(rows[0]?.id ?? '');
      assert.deepEqual(msg, { payload: { args: [1, { a: [1, Buffer.from('x')] }], kwargs: { key: 'k' } } });
    });

    it('runs a failed job again, as rq requeue does; rq requeue runs one of ours', async () => {
      const file = join(temporaryDirectory('rq'), 'runs');
      const bench = open({ function: 'rq_tasks.flaky' });
      const { id } = await bench.producer.add(job({ file, failures: 2 }));
      await burst(bench);
      await bench.inspector.retry(id);
      assert.deepEqual(await without(bench.inspector), { waiting: 1 });
      assert.equal(await redis().ttl(`rq:job:${id}`), -1);
      await burst(bench);
      assert.deepEqual(await without(bench.inspector), { dead: 1 });
      await runProgram(python, 'rq', ['requeue', '--queue', bench.queue, '--url', url(), id]);
      await burst(bench);
      assert.deepEqual(await without(bench.inspector), { completed: 1 });
      await assert.rejects(bench.inspector.retry(id), /is completed: only a dead letter can be retried/);
    });

    it('runs all failed jobs again; those that fail again stay', async () => {
      const bench = open({ function: 'rq_tasks.fail' });
      await Promise.all([1, 2, 3].map((n) => bench.producer.add(job(n))));
      await burst(bench);
      const told: number[] = [];
      assert.equal(await bench.inspector.retryAll({ onProgress: (n) => told.push(n) }), 3);
      assert.deepEqual([told, await without(bench.inspector)], [[3], { waiting: 3 }]);
      await burst(bench);
      assert.deepEqual(await without(bench.inspector), { dead: 3 });
    });

    it('cancels a job that has not begun, which RQ then knows as canceled', async () => {
      const bench = open();
      const jobs = [await bench.producer.add(job(1)), await bench.producer.add(job(2, { delay: 60_000 }))];
      for (const { id } of jobs) await bench.inspector.cancel(id);
      const statuses = await inPython(bench, [
        `ids = ${JSON.stringify(jobs.map(({ id }) => id))}`,
        'canceled = queue.canceled_job_registry.get_job_ids()',
        'print(json.dumps([[Job.fetch(id, connection=connection).get_status(), id in canceled] for id in ids]))',
      ]);
      assert.deepEqual(statuses, [
        ['canceled', true],
        ['canceled', true],
      ]);
      assert.match(await burst(bench), /quitting|Worker/i);
      assert.deepEqual(await without(bench.inspector), { canceled: 2 });
      await assert.rejects(
        bench.inspector.cancel(jobs[0]?.id ?? ''),
        /is canceled: only a job that has not begun/,
      );
    });

    it('removes jobs, of which RQ knows nothing then', async () => {
      const bench = open();
      const done = await bench.producer.add(job(0));
      await burst(bench);
      const jobs = [
        done,
        await bench.producer.add(job(1)),
        await bench.producer.add(job(2, { delay: 60_000 })),
      ];
      for (const { id } of jobs) await bench.inspector.remove(id);
      assert.deepEqual(await without(bench.inspector), {});
      const keys = await redis().keys('rq:*');
      assert.deepEqual(
        keys.filter((key) => jobs.some(({ id }) => key.includes(id))),
        [],
      );
    });

    it('removes all jobs of a state', async () => {
      const bench = open();
      await Promise.all(Array.from({ length: 250 }, (_, n) => bench.producer.add(job(n))));
      assert.equal(await bench.inspector.removeAll({ state: 'waiting' }), 250);
      assert.deepEqual(await without(bench.inspector), {});
      await assert.rejects(
        async () => bench.inspector.removeAll({ state: 'running' as 'dead' }),
        OptionsError,
      );
    });

    it('runs a delayed job now', async () => {
      const bench = open();
      const { id } = await bench.producer.add(job(1, { delay: 60_000 }));
      await bench.inspector.runNow(id);
      await burst(bench);
      assert.equal((await resultOf(bench, id)).state, 'finished');
    });

    it('shows its workers: machine, process, state and current job', async () => {
      const file = join(temporaryDirectory('rq'), 'may end');
      const end = () => writeFileSync(file, '');
      const bench = open({ function: 'rq_tasks.held' });
      const worker = startRqWorker(python, { port: server.port, queue: bench.queue });
      later(() => worker.stop());
      later(end);
      const workers = () => bench.inspector.workers();
      const idle = await until('it is idle', async () =>
        (await workers()).find((one) => one.state === 'idle'),
      );
      assert.equal(idle.process, worker.process.pid);
      assert.ok(idle.machine && idle.heartbeat && idle.since);
      const { id } = await bench.producer.add({ name: 'held', msg: { topic: file, payload: 1 } });
      const busy = await until('it is busy', async () =>
        (await workers()).find(({ running }) => running.length > 0),
      );
      assert.deepEqual([busy.state, busy.running.map((one) => one.id)], ['busy', [id]]);
      const { rows } = await bench.inspector.list({ state: 'running' });
      assert.deepEqual(
        rows.map((row) => [row.id, row.attempt]),
        [[id, 1]],
      );
      await assert.rejects(bench.inspector.remove(id), /is running: wait until it has ended/);
      await assert.rejects(bench.inspector.cancel(id), /is running: only a job that has not begun/);
      assert.equal((await bench.inspector.counts()).workers, 1);
      end();
      await resultOf(bench, id);
      await worker.stop();
      await until('it is gone', async () => (await workers()).length === 0);
    });

    it('shows a worker that nothing is heard of as lost', async () => {
      const bench = open();
      const worker = startRqWorker(python, { port: server.port, queue: bench.queue });
      later(() => worker.kill());
      const listed = await until('it is there', async () => (await bench.inspector.workers())[0]);
      await worker.kill();
      const key = `rq:worker:${listed.name}`;
      await redis().hset(key, 'last_heartbeat', new Date(Date.now() - 500_000).toISOString());
      assert.equal((await bench.inspector.workers())[0]?.state, 'lost');
      await redis().del(key);
      const [forgotten] = await bench.inspector.workers();
      assert.deepEqual([forgotten?.name, forgotten?.state], [listed.name, 'lost']);
      assert.equal((await bench.inspector.counts()).workers, 0);
    });

    it('says how to pause what RQ cannot pause', async () => {
      const bench = open();
      await assert.rejects(
        bench.inspector.pause(),
        (error) => error instanceof GiveUpError && /rq suspend/.test(error.message),
      );
      assert.equal((await bench.inspector.state()).isPaused, false);
      await runProgram(python, 'rq', ['suspend', '--url', url()]);
      assert.equal((await bench.inspector.state()).isPaused, true);
      await runProgram(python, 'rq', ['resume', '--url', url()]);
    });
  });
}

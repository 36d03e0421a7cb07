import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { InterruptedError } from '../../../../src/base/errors.ts';
import { openStoreEvents } from '../../../../src/queue/events/store-events.ts';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { isPrompt } from '../../../helpers/is-prompt.ts';
import { postgresUrl, startPostgres } from '../../../helpers/postgres.ts';
import { closeBenches, counts, job, never, openBench, quick, succeed } from '../../../helpers/queue-bench.ts';
import { startRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { freePort, temporaryDirectory, type Server } from '../../../helpers/servers.ts';
import { until } from '../../../helpers/until.ts';

/** Signals a server and its child processes. */
function signalAll(server: Server | undefined, signal: 'STOP' | 'CONT'): void {
  const pid = server?.process.pid ?? 0;
  // First, so that it starts no more of them.
  process.kill(pid, `SIG${signal}`);
  spawnSync('pkill', [`-${signal}`, '-P', `${pid}`]);
}

/** Milliseconds for a close, which takes up to 10 s. Without its limits it would wait for the store for ever. */
const BOUNDED = 30_000;

interface Place {
  port: number;
  directory: string;
}

const kinds = [
  {
    kind: 'redis' as const,
    start: (place: Place) => startRedis({ ...place, args: ['--appendfsync', 'always'] }),
    options: ({ port }: Place): StoreOptions => ({ store: 'redis', redis_url: `redis://127.0.0.1:${port}` }),
  },
  {
    kind: 'postgres' as const,
    start: (place: Place) => startPostgres(place),
    options: ({ port }: Place): StoreOptions => ({
      store: 'postgres',
      postgres_url: postgresUrl({ host: '127.0.0.1', port }),
    }),
  },
];

for (const { kind, start, options } of kinds) {
  describeWith([kind], `a store that is away (${kind})`, function () {
    let place: Place;
    let server: Server | undefined;

    const stop = () => server?.stop();
    const restart = async () => {
      server = await start(place);
    };
    beforeEach(async () => {
      place = { port: await freePort(), directory: temporaryDirectory(kind) };
    });
    afterEach(async () => {
      await closeBenches();
      await stop();
      server = undefined;
    });

    it('is waited for at the start, and reported once', async () => {
      const bench = openBench(options(place));
      const worker = bench.work(succeed);
      const added = bench.producer.add(job(1));
      await until('it is found away', () => bench.connections.length > 0);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.deepEqual(
        bench.connections.map(({ state }) => state),
        ['waiting'],
      );
      assert.match(JSON.stringify(bench.connections), /ECONNREFUSED/);
      assert.equal(bench.producer.waiting(), 1);
      await restart();
      assert.equal((await added).deduplicated, false);
      await until('it is completed', () => worker.completed.length === 1);
      assert.deepEqual(bench.connections.at(-1), { state: 'connected' });
    });

    it('is listened to again after a restart', async () => {
      await restart();
      const bench = openBench(options(place));
      let heard = 0;
      const audience = { wants: (event: string) => event === 'completed', tell: () => (heard += 1) };
      const events = openStoreEvents(
        bench.store,
        { queue: bench.queue.queue_name, keepsEnds: true },
        audience,
      );
      bench.work(succeed);
      const untilHeard = async () => {
        const before = heard;
        await until('a job is heard', async () => {
          await bench.producer.add(job(1));
          return heard > before;
        });
      };
      await untilHeard();
      await stop();
      await restart();
      await untilHeard();
      await events.close();
    });

    it('loses and duplicates no job when it restarts while jobs are added and run', async () => {
      await restart();
      // A job whose fetch was not answered is found when its lock expires.
      const bench = openBench(options(place), { timing: { lockDuration: 4000, stalledInterval: 1000 } });
      const worker = bench.work(succeed, { concurrency: 5 });
      const ids = new Map<unknown, Set<string>>();
      const adds: Promise<unknown>[] = [];
      let number = 0;
      // A bounded backlog: on a slow machine it would grow, and take long to run.
      const isBehind = () => number - worker.completed.length > 400;
      const timer = setInterval(() => isBehind() || adds.push(bench.producer.add(job(number++))), 3);
      try {
        for (let round = 0; round < 2; round++) {
          const done = worker.completed.length;
          await until('jobs run', () => worker.completed.length > done + 50);
          await stop();
          await until('it is found away', () => bench.store.connection().state === 'waiting');
          await new Promise((resolve) => setTimeout(resolve, 300));
          await restart();
        }
      } finally {
        clearInterval(timer);
      }
      await Promise.all(adds);
      await until(
        'all have run',
        () => {
          for (const { id, msg } of worker.taken) {
            ids.set(msg['payload'], (ids.get(msg['payload']) ?? new Set()).add(id));
          }
          return ids.size === number;
        },
        120_000,
      );
      await until(
        'none is left',
        async () => {
          const { completed: _completed, ...left } = await counts(bench);
          return Object.keys(left).length === 0;
        },
        120_000,
      );
      assert.deepEqual(
        [...ids.values()].filter(({ size }) => size !== 1),
        [],
        'one message made two jobs',
      );
      assert.deepEqual(worker.dead, []);
      assert.deepEqual(worker.retried, []);
      // BullMQ reports a write that comes too late: its first answer was lost, so that the job has ended; or the store was
      // away for longer than the job's lock, so that it runs again.
      const late = /Missing lock|Lock mismatch|not in the active state/;
      const others = bench.warnings.filter((text) => !late.test(text));
      assert.deepEqual(others, []);
    });

    it('does not fail a job that ends while it is unavailable', async () => {
      await restart();
      // Its lock does not expire meanwhile, however long the restart takes.
      const timing = { lockDuration: 600_000, stalledInterval: 10_000 };
      const bench = openBench(options(place), { queue: { max_retries: 0 }, timing });
      await bench.producer.add(job(1));
      let finish: (() => void) | undefined;
      const worker = bench.work(() => new Promise<void>((resolve) => (finish = resolve)));
      await until('it runs', () => finish);
      await stop();
      finish?.();
      await until('it is found away', () => bench.store.connection().state === 'waiting');
      await restart();
      await until('it is completed', () => worker.completed.length === 1);
      assert.deepEqual(worker.dead, []);
      assert.equal(worker.taken.length, 1);
    });

    it('wakes an idle worker when it is available again', async () => {
      await restart();
      const bench = openBench(options(place));
      const worker = bench.work(succeed);
      await bench.producer.add(job(1));
      await until('it is completed', () => worker.completed.length === 1);
      await stop();
      await until('it is found away', () => bench.store.connection().state === 'waiting');
      await restart();
      await until('it is found back', () => bench.store.connection().state === 'connected');
      await bench.producer.add(job(2));
      await until('the second is completed', () => worker.completed.length === 2);
      const run = async () => {
        const before = worker.completed.length;
        await bench.producer.add(job(before));
        await until('it is completed', () => worker.completed.length > before);
      };
      assert.ok(await isPrompt(run));
    });

    it('is reconnected when idle', async () => {
      await restart();
      const bench = openBench(options(place));
      await bench.producer.add(job(1));
      await stop();
      await until('it is found away', () => bench.store.connection().state === 'waiting');
      await restart();
      await until('it is found back', () => bench.store.connection().state === 'connected');
    });

    it('does not hold up a close: waiting calls are interrupted', async () => {
      await restart();
      const bench = openBench(options(place), { timing: quick });
      const worker = bench.work(never);
      await bench.producer.add(job('running'));
      await until('it runs', () => worker.running() === 1);
      await stop();
      await until('it is found away', () => bench.store.connection().state === 'waiting');
      const added = assert.rejects(bench.producer.add(job('too late')), InterruptedError);
      const began = Date.now();
      await bench.close();
      await added;
      assert.ok(Date.now() - began < BOUNDED, `took ${Date.now() - began} ms`);
      assert.deepEqual(bench.connections.at(-1), { state: 'closed' });
    });

    it('does not hold up a close when it was never available', async () => {
      const bench = openBench(options(place));
      bench.work(never);
      const added = assert.rejects(bench.producer.add(job(1)), InterruptedError);
      const forgotten = assert.rejects(bench.producer.forget('key'), InterruptedError);
      await until('it is found away', () => bench.store.connection().state === 'waiting');
      const began = Date.now();
      await bench.close();
      await Promise.all([added, forgotten]);
      assert.ok(Date.now() - began < BOUNDED, `took ${Date.now() - began} ms`);
    });

    it('does not hold up a close when it is frozen', async () => {
      await restart();
      const bench = openBench(options(place));
      const worker = bench.work(never);
      await bench.producer.add(job(1));
      await until('it runs', () => worker.running() === 1);
      signalAll(server, 'STOP');
      const began = Date.now();
      try {
        const added = assert.rejects(bench.producer.add(job(2)), InterruptedError);
        await bench.close();
        await added;
      } finally {
        signalAll(server, 'CONT');
      }
      assert.ok(Date.now() - began < BOUNDED, `took ${Date.now() - began} ms`);
    });
  });
}

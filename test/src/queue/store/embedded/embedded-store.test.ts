import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EmbeddedPool } from '../../../../../src/queue/store/embedded/embedded-pool.ts';
import { openEmbeddedDatabase } from '../../../../../src/queue/store/embedded/shared-databases.ts';
import { closing } from '../../../../helpers/closing.ts';
import { databaseProcess, killDatabase } from '../../../../helpers/embedded.ts';
import {
  abandon,
  closeBenches,
  counts,
  job,
  openBench,
  quick,
  succeed,
} from '../../../../helpers/queue-bench.ts';
import { temporaryDirectory } from '../../../../helpers/servers.ts';
import { until } from '../../../../helpers/until.ts';

/** Opens the database of a directory in another process, as a second Node-RED would. */
async function openElsewhere(directory: string): Promise<ChildProcess> {
  const other = fork(join(__dirname, 'hold-open.js'), [directory]);
  await once(other, 'message');
  return other;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('an embedded store', function () {
  /** All tests have the same database. */
  const directory = temporaryDirectory('store');

  afterEach(closeBenches);
  const closeAfter = closing();

  describe('that is open', () => {
    let pool: EmbeddedPool;

    // It stays open: to open it takes longer than most tests.
    before(async () => {
      pool = await openEmbeddedDatabase(directory);
    });
    after(() => pool.close());

    it('is shared by all queues of a directory', async () => {
      const first = openBench({ store: 'embedded', directory });
      const second = openBench({ store: 'embedded', directory }, { queue: first.queue });
      await first.producer.add(job(1));
      const worker = second.work(succeed);
      await until('it is completed', () => worker.completed.length === 1);
      await first.close();
      await second.producer.add(job(2));
      await until('the second is completed', () => worker.completed.length === 2);
    });

    it('starts no job anew that this process still runs, whatever became of the clock', async () => {
      // Claims are renewed so seldom that they run out first, as they do when the process stood still.
      const timing = { lockDuration: 10_000, stalledInterval: 250 };
      const bench = openBench({ store: 'embedded', directory }, { timing });
      const lookedAt = async () => {
        const { rows } = await pool.query<{ value: string }>(
          `SELECT value FROM meta WHERE field = 'stalled-check' AND queue = $1`,
          [bench.queue.queue_name],
        );
        return Number(rows[0]?.value ?? 0);
      };
      const lookedAgain = async () => {
        const before = await lookedAt();
        await until('abandoned jobs are looked for', async () => (await lookedAt()) > before);
      };
      const { now } = Date;
      let end = () => undefined as void;
      try {
        const worker = bench.work(() => new Promise<void>((resolve) => (end = resolve)));
        await bench.producer.add(job(1));
        await until('it runs', () => worker.taken.length === 1);
        await lookedAgain();
        Date.now = () => now() + 3_600_000;
        for (let look = 0; look < 3; look++) await lookedAgain();
        assert.equal(worker.taken.length, 1);
        end();
        await until('it is completed', () => worker.completed.length === 1);
      } finally {
        Date.now = now;
      }
    });

    it('loses nothing when its process is killed while jobs are added and run', async function () {
      this.timeout(300_000);
      const bench = openBench(
        { store: 'embedded', directory },
        { timing: { lockDuration: 4000, stalledInterval: 1000 } },
      );
      const worker = bench.work(succeed, { concurrency: 5 });
      const adds: Promise<unknown>[] = [];
      // A bounded backlog: on a slow machine it would grow, and take long to run.
      const isBehind = () => adds.length - worker.completed.length > 200;
      const timer = setInterval(() => isBehind() || adds.push(bench.producer.add(job(adds.length))), 5);
      try {
        for (let kill = 0; kill < 2; kill++) {
          const done = worker.completed.length;
          await until('jobs run', () => worker.completed.length > done + 30);
          killDatabase(directory);
          await until('it is found away', () => bench.store.connection().state === 'waiting');
        }
      } finally {
        clearInterval(timer);
      }
      await Promise.all(adds);
      const ran = () => new Set(worker.taken.map(({ msg }) => msg['payload'])).size;
      await until('all have run', () => ran() === adds.length, 120_000);
      await until(
        'none is left',
        async () => Object.keys(await counts(bench)).join() === 'completed',
        120_000,
      );
      assert.deepEqual([worker.dead, worker.retried], [[], []]);
    });

    it('reconnects when it is idle', async () => {
      const bench = openBench({ store: 'embedded', directory });
      await bench.producer.add(job(1));
      killDatabase(directory);
      await until('it is found away', () => bench.store.connection().state === 'waiting');
      await until('it is found back', () => bench.store.connection().state === 'connected');
    });
  });

  describe('that is opened and closed', () => {
    it('ends its process when it closes', async () => {
      const bench = openBench({ store: 'embedded', directory });
      bench.work(succeed);
      await bench.producer.add(job(1));
      const pid = databaseProcess(directory);
      assert.ok(isRunning(pid));
      await bench.close();
      await until('its process has ended', () => !isRunning(pid));
    });

    it('fails while another process uses it, names that process, and continues when it is free', async () => {
      const other = await openElsewhere(directory);
      closeAfter(() => other.kill('SIGKILL'));
      const bench = openBench({ store: 'embedded', directory });
      const added = bench.producer.add(job(1));
      await until('it has failed', () => bench.store.connection().state === 'failed');
      assert.match(JSON.stringify(bench.connections), new RegExp(`\\b${other.pid}\\b`));
      other.kill('SIGKILL');
      await added;
      assert.deepEqual(
        bench.connections.map(({ state }) => state),
        ['failed', 'connected'],
      );
    });

    it('runs the jobs of a killed process again, even if the clock has gone back', async () => {
      const bench = openBench({ store: 'embedded', directory }, { timing: quick });
      const limiter = { max: 1, duration: 3_600_000 };
      const { now } = Date;
      Date.now = () => now() + 3_600_000;
      try {
        await bench.producer.add(job(1));
        const first = bench.work(succeed, { limiter });
        await until('the limit is reached', () => first.completed.length === 1);
        await first.stop();
        await bench.producer.add(job(2));
        await abandon(bench);
        await bench.close();
      } finally {
        Date.now = now;
      }
      const restarted = openBench({ store: 'embedded', directory }, { queue: bench.queue, timing: quick });
      const worker = restarted.work(succeed, { limiter });
      await until('it is completed', () => worker.completed.length === 1);
    });
  });
});

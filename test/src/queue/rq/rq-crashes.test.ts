import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import { inspectRq } from '../../../../src/queue/rq/inspect/inspect-rq.ts';
import { closing } from '../../../helpers/closing.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { startRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import {
  expireClaims,
  openRqBench,
  resultOf,
  rqReleases,
  runBurst,
  startRqWorker,
} from '../../../helpers/rq.ts';
import { freePort, temporaryDirectory, type Server } from '../../../helpers/servers.ts';
import { until } from '../../../helpers/until.ts';

const JOBS = 40;

for (const { release, needs, python } of rqReleases) {
  describeWith(needs, `jobs of ${release}, when things are killed`, function () {
    const later = closing();
    let place: { port: number; directory: string };
    let server: Server;
    const start = async () => {
      server = await startRedis({ ...place, args: ['--appendfsync', 'always'] });
    };
    beforeEach(async () => {
      place = { port: await freePort(), directory: temporaryDirectory('redis') };
      await start();
    });
    afterEach(() => server.stop());

    it('all run, with a worker and its job killed, and an append-only Redis, too', async () => {
      const file = join(temporaryDirectory('rq'), 'log');
      const log = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
      const bench = openRqBench(place.port, { function: 'rq_tasks.slow', max_retries: 5 });
      later(() => bench.close());
      const add = (n: number) => bench.producer.add(job({ file, n, seconds: 0.02 }));
      const worker = startRqWorker(python, { port: place.port, queue: bench.queue });
      later(() => worker.kill());

      const adding = Array.from({ length: JOBS / 2 }, (_, n) => add(n));
      await until('jobs run', () => log().includes('end 2'));
      const [, horse] = [...log().matchAll(/start \d+ (\d+)\n/g)].at(-1) ?? [];
      await worker.kill();
      try {
        process.kill(Number(horse), 'SIGKILL');
      } catch {
        // It had ended.
      }

      const second = startRqWorker(python, { port: place.port, queue: bench.queue });
      later(() => second.kill());
      const begun = log().length;
      // On a busy machine the first worker may have run all that there was.
      for (let n = JOBS / 2; n < (3 * JOBS) / 4; n++) adding.push(add(n));
      await until('jobs run again', () => log().length > begun + 50);
      server.process.kill('SIGKILL');
      await server.stop();
      for (let n = (3 * JOBS) / 4; n < JOBS; n++) adding.push(add(n));
      await start();
      const added = await Promise.all(adding);
      await second.kill();

      const inspector = inspectRq(bench.store, { queue_name: bench.queue, readPickle });
      await until('all have run', async () => {
        const taken = await expireClaims(place.port, bench.queue);
        await runBurst(python, { port: place.port, queue: bench.queue });
        const { counts } = await inspector.state();
        return counts.waiting + counts.running + taken === 0;
      });
      for (const [n, { id }] of added.entries()) {
        const result = await resultOf(bench, id);
        assert.deepEqual('value' in result ? result.value : result, n);
      }
    });
  });
}

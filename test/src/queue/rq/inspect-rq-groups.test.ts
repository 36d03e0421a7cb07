import assert from 'node:assert/strict';
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import { inspectRq } from '../../../../src/queue/rq/inspect/inspect-rq.ts';
import { closing } from '../../../helpers/closing.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { startRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { openRqBench, rqReleases, runBurst } from '../../../helpers/rq.ts';
import type { Server } from '../../../helpers/servers.ts';

for (const { release, needs, python } of rqReleases) {
  describeWith(needs, `the failed jobs of ${release}`, function () {
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

    it('are grouped by their errors, listed and retried by group, and found by text', async () => {
      const bench = open({ function: 'rq_tasks.fail' });
      const flaky = open({ queue_name: bench.queue, function: 'rq_tasks.nowhere' });
      await Promise.all([1, 2].map((n) => bench.producer.add(job(n))));
      await flaky.producer.add(job(3));
      await runBurst(python, { port: server.port, queue: bench.queue });
      const { groups, read, isComplete } = await bench.inspector.groups();
      const [first, second] = groups;
      assert.deepEqual([groups.length, first?.key, first?.count], [2, 'ValueError: no luck', 2]);
      assert.deepEqual([read, isComplete], [3, true]);
      const listed = await bench.inspector.list({ state: 'dead', group: second!.key });
      assert.deepEqual([listed.rows.length, listed.lookedAt], [1, 3]);
      assert.equal((await bench.inspector.list({ state: 'dead', search: 'NO LUCK' })).rows.length, 2);
      assert.equal(await bench.inspector.retryAll({ group: first!.key, perSecond: 100 }), 2);
      const { counts } = await bench.inspector.state();
      assert.deepEqual([counts.waiting, counts.dead], [2, 1]);
      await assert.rejects(bench.inspector.history(), /RQ keeps no history/);
      await assert.rejects(bench.inspector.retryEdited({ id: 'x', payload: 1 }), /cannot be edited/);
    });
  });
}

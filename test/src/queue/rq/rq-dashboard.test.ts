import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { closing } from '../../../helpers/closing.ts';
import { flowerpowerPython } from '../../../helpers/python.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { startRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { openRqBench, programOf, resultOf, runBurst } from '../../../helpers/rq.ts';
import { freePort, startServer, temporaryDirectory } from '../../../helpers/servers.ts';

const python = flowerpowerPython ?? '';
const command = programOf(python, 'rq-dashboard');

describeWith(['redis', 'flowerpower'], 'rq-dashboard', function () {
  if (!existsSync(command)) return;
  const later = closing();

  it('shows our jobs with their queue, description and traceback, and requeues one that failed', async () => {
    const redis = await startRedis();
    later(() => redis.stop());
    const [port, directory] = [await freePort(), temporaryDirectory('rq-dashboard')];
    const url = `redis://127.0.0.1:${redis.port}`;
    const args = ['--bind', '127.0.0.1', '--port', `${port}`, '--redis-url', url];
    const dashboard = await startServer({ command, args, port, directory });
    later(() => dashboard.stop());
    const ask = async (path: string, method = 'GET') => {
      const response = await fetch(`http://127.0.0.1:${port}/${path}`, { method });
      assert.equal(response.status, 200, path);
      return response.json() as Promise<Record<string, unknown>>;
    };

    const bench = openRqBench(redis.port, { function: 'rq_tasks.fail' });
    later(() => bench.close());
    const burst = () => runBurst(python, { port: redis.port, queue: bench.queue });
    const { id } = await bench.producer.add(job(1));
    const inQueue = async (registry: string) => {
      const { jobs } = await ask(`0/data/jobs/${bench.queue}/${registry}/10/asc/1.json`);
      return (jobs as { id: string }[]).map((shown) => shown.id);
    };
    assert.deepEqual(await inQueue('queued'), [id]);
    await burst();
    const { at: first } = await resultOf(bench, id);
    assert.deepEqual(await inQueue('failed'), [id]);
    const shown = await ask(`0/data/job/${id}.json`);
    assert.deepEqual([shown['origin'], shown['status']], [bench.queue, 'failed']);
    assert.match(String(shown['exc_info']), /ValueError: no luck/);
    const { queues } = await ask('0/data/queues.json');
    assert.deepEqual(
      (queues as { name: string }[]).map(({ name }) => name),
      [bench.queue],
    );

    assert.equal((await ask(`job/${id}/requeue`, 'POST'))['status'], 'OK');
    await burst();
    assert.ok((await resultOf(bench, id)).at > first, 'it has run again');
  });
});

import assert from 'node:assert/strict';
import { JobFailedError, TimedOutError } from '../../../../src/base/errors.ts';
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import type { JobEvent } from '../../../../src/queue/events/job-event.ts';
import { openQueue } from '../../../../src/queue/open-queue.ts';
import { closing } from '../../../helpers/closing.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { sharedRedis } from '../../../helpers/redis.ts';
import { describeWith } from '../../../helpers/requires.ts';
import { pythonWithRq, rqReleases, runBurst } from '../../../helpers/rq.ts';
import { unique } from '../../../helpers/unique.ts';
import { until } from '../../../helpers/until.ts';

for (const { release, needs, python } of rqReleases) {
  describeWith(needs, `ends of jobs of ${release}`, function () {
    const later = closing();
    const open = (options: object = {}) => {
      const queue = { queue_name: unique('queue'), function: 'rq_tasks.same', max_retries: 0, ...options };
      const address = { store: 'rq', redis_url: `redis://127.0.0.1:${sharedRedis().port}` } as const;
      const opened = openQueue(address, { queue, readPickle });
      later(() => opened.close());
      const burst = () => runBurst(python, { port: sharedRedis().port, queue: queue.queue_name });
      return { ...opened, queue_name: queue.queue_name, burst };
    };

    it('are told with results and tracebacks, also those of jobs that Python added, and not those of before', async () => {
      const queue = open();
      const failing = open({ queue_name: queue.queue_name, function: 'rq_tasks.fail' });
      const { id: before } = await queue.producer().add(job({ n: 0 }));
      await queue.burst();
      const events: JobEvent[] = [];
      later(queue.listen({ kinds: ['completed', 'dead'], onEvent: (event) => events.push(event) }));
      await until('events are heard', async () => {
        await queue.producer().add(job({ n: 0 }));
        await queue.burst();
        return events.length > 0;
      });
      const { id } = await queue.producer().add(job({ n: 1 }));
      const { id: dead } = await failing.producer().add(job({ n: 2 }));
      await pythonWithRq(python, { port: sharedRedis().port, queue: queue.queue_name }, [
        'job = queue.enqueue("rq_tasks.same", "p", "theirs", job_id="theirs")',
        'print(json.dumps(job.id))',
      ]);
      await queue.burst();
      const of = (wanted: string) => events.find((event) => event.job?.id === wanted);
      await until('all are told', () => events.some((event) => event.kind === 'dead') && of('theirs'));
      assert.equal(of(before), undefined);
      assert.deepEqual([of(id)?.result, of(id)?.job?.name], [{ n: 1 }, 'pipeline']);
      assert.equal(of('theirs')?.result, 'theirs');
      assert.deepEqual([of(dead)?.kind, of(dead)?.error?.message], ['dead', 'ValueError: no luck']);
      assert.match(of(dead)?.error?.stack ?? '', /Traceback/);
    });

    it('are waited for: a result, a failure, a job that takes too long', async () => {
      const queue = open();
      const failing = open({ queue_name: queue.queue_name, function: 'rq_tasks.fail' });
      const added = await Promise.all([1, 2, 3].map((n) => queue.producer().add(job({ n }))));
      const { id: dead } = await failing.producer().add(job(4));
      await assert.rejects(queue.waitForEnd(dead, 300), TimedOutError);
      const results = Promise.all(added.map(({ id }) => queue.waitForEnd(id, 90_000)));
      const failure = assert.rejects(failing.waitForEnd(dead, 90_000), (error: Error) => {
        assert.ok(error instanceof JobFailedError);
        return error.message === 'ValueError: no luck';
      });
      await queue.burst();
      assert.deepEqual(await results, [{ n: 1 }, { n: 2 }, { n: 3 }]);
      await failure;
    });
  });
}

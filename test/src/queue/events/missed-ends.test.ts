/** No end of a job is missed, whatever happens to its event. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import { openQueue } from '../../../../src/queue/open-queue.ts';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { closing } from '../../../helpers/closing.ts';
import { job } from '../../../helpers/queue-bench.ts';
import { describeStores } from '../../../helpers/stores.ts';
import { unique } from '../../../helpers/unique.ts';
import { until } from '../../../helpers/until.ts';

const JOBS = 600;

describeStores('ends of jobs', (address) => {
  const later = closing();
  let options: StoreOptions;
  before(async () => {
    options = await address();
  });

  const open = (queue_name: string) => {
    const opened = openQueue(options, { queue: { queue_name }, readPickle });
    later(() => opened.close());
    return opened;
  };

  /** Ends jobs elsewhere while this process hears nothing; only one process can have an embedded store. */
  const runElsewhere = (queue_name: string) => {
    if (options.store === 'embedded') {
      later(() => worker.stop(0));
      const worker = open(queue_name).openWorker({ concurrency: 50, run: async () => undefined });
      return;
    }
    const work = JSON.stringify({ address: options, queue_name, jobs: JOBS });
    const child = join(__dirname, 'work-child.js');
    const { status, stderr } = spawnSync(process.execPath, [child, work], { encoding: 'utf8', timeout: 60_000 });
    assert.equal(status, 0, stderr);
  };

  it('that come in a burst are all told, once each, also to a process that was busy meanwhile', async () => {
    const queue_name = unique('queue');
    const queue = open(queue_name);
    const told: (string | undefined)[] = [];
    later(queue.listen({ kinds: ['completed'], onEvent: ({ job: of }) => told.push(of?.id) }));
    const added = await Promise.all(Array.from({ length: JOBS }, (_, n) => queue.producer().add(job(n))));
    runElsewhere(queue_name);
    await until('all are told', () => new Set(told).size === JOBS, 60_000);
    assert.deepEqual(told.toSorted(), added.map(({ id }) => id).toSorted());
  });
});

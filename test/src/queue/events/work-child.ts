/** Another machine: runs the jobs of a queue until all have ended; with `hang` it takes one and never ends it. A slow machine would lose the claims of many jobs, if they were short. */
import { readPickle } from '../../../../src/payload/pickle/pickle.ts';
import { openQueue } from '../../../../src/queue/open-queue.ts';
import type { StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { quick } from '../../../helpers/queue-bench.ts';

interface Work {
  address: StoreOptions;
  queue_name: string;
  jobs: number;
  hang?: boolean;
}

const { address, queue_name, jobs, hang = false } = JSON.parse(process.argv[2] ?? '{}') as Work;
const queue = openQueue(address, {
  queue: { queue_name },
  listeners: hang ? { timing: quick } : {},
  readPickle,
});
let left = jobs;
const worker = queue.openWorker({
  concurrency: 20,
  run: async () => {
    if (!hang) return;
    process.send?.('taken');
    await new Promise(() => undefined);
  },
  onCompleted() {
    left -= 1;
    if (left === 0) void worker.stop().then(() => queue.close());
  },
});

import type { Inspector } from '../../src/index.ts';
import type { Limits, Sample } from './alarms.ts';

/** Looks at what the limits are about; counts no more jobs than the backlog's limit needs. */
export async function takeSample(queue: Inspector, { backlog, oldest, no_worker }: Limits): Promise<Sample> {
  const sample: Sample = {};
  if (backlog !== undefined || oldest !== undefined) {
    const { counts, oldestWaiting = 0 } = await queue.state({ mostCounted: (backlog ?? 0) + 1 });
    sample.backlog = counts.waiting;
    sample.oldest = Math.floor(oldestWaiting / 1000);
  }
  if (no_worker !== undefined) {
    const workers = await queue.workers();
    sample.no_worker = workers.filter(({ state }) => state !== 'lost').length;
  }
  return sample;
}

import type { Job, Queue } from 'bullmq';
import { openStore, type StoreOptions } from '../../src/index.ts';

const states = ['completed', 'failed', 'wait', 'active', 'delayed', 'prioritized'] as const;

/** Looks into the store for the jobs of messages that did not run, to tell where they are stuck. */
export async function whereabouts(
  numbers: number[],
  { queue, options }: { queue: string; options: Partial<StoreOptions> },
): Promise<string[]> {
  const store = openStore(options as StoreOptions);
  try {
    const opened = (await store.queue(queue)) as unknown as Queue;
    const found = await Promise.all(
      states.map(async (state) => linesOf(state, await opened.getJobs([state]))),
    );
    const lines = found.flat().filter(({ number }) => numbers.includes(number));
    return lines.length > 0 ? lines.map(({ line }) => line) : ['the store has no job of them'];
  } finally {
    await store.close();
  }
}

function linesOf(state: string, jobs: Job[]): { number: number; line: string }[] {
  return jobs.map(({ id, data, attemptsMade, stalledCounter, failedReason }) => {
    const { number = -1 } = (data as { mqtt_message?: { number?: number } }).mqtt_message ?? {};
    const counts = `${attemptsMade} attempts, ${stalledCounter} times stalled`;
    return {
      number,
      line: `message ${number}: job ${id} is ${state}, ${counts} ${failedReason ?? ''}`.trim(),
    };
  });
}

import type { Queue } from 'bullmq';
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
    const lines: string[] = [];
    for (const state of states) {
      for (const { id, data, attemptsMade, stalledCounter, failedReason } of await opened.getJobs([state])) {
        const number = (data as { mqtt_message?: { number?: number } }).mqtt_message?.number;
        if (number === undefined || !numbers.includes(number)) continue;
        const counts = `${attemptsMade} attempts, ${stalledCounter} times stalled`;
        lines.push(`message ${number}: job ${id} is ${state}, ${counts} ${failedReason ?? ''}`.trim());
      }
    }
    return lines.length > 0 ? lines : ['the store has no job of them'];
  } finally {
    await store.close();
  }
}

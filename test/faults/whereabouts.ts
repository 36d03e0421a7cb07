import type { Job, Queue } from 'bullmq';
import { openStore } from '../../src/index.ts';
import type { WantedRun } from './messages.ts';
import type { Stage } from './stage.ts';

const states = ['completed', 'failed', 'wait', 'active', 'delayed', 'prioritized'] as const;

/** Looks into the store for the jobs of runs that did not happen, to tell where they are stuck. */
export async function whereabouts(lost: WantedRun[], { storeOptions, topic }: Stage): Promise<string[]> {
  if (lost.length === 0) return [];
  const store = openStore(storeOptions);
  try {
    const queue = (await store.queue(topic)) as unknown as Queue;
    const found = await Promise.all(
      states.map(async (state) => linesOf(state, await queue.getJobs([state]))),
    );
    const isLost = new Set(lost.map(({ number, pipeline }) => `${number} ${pipeline}`));
    const lines = found.flat().filter(({ run }) => isLost.has(run));
    return lines.length > 0 ? lines.map(({ line }) => line) : ['the store has no job of them'];
  } finally {
    await store.close();
  }
}

function linesOf(state: string, jobs: Job[]): { run: string; line: string }[] {
  return jobs.map(({ id, name, data, attemptsMade, stalledCounter, failedReason }) => {
    const { number = -1 } = (data as { mqtt_message?: { number?: number } }).mqtt_message ?? {};
    const counts = `${attemptsMade} attempts, ${stalledCounter} times stalled`;
    const run = `${number} ${name}`;
    return { run, line: `message ${run}: job ${id} is ${state}, ${counts} ${failedReason ?? ''}`.trim() };
  });
}

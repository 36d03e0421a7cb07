import { countJobs, openStore, type QueueCounts } from '../../src/index.ts';
import { COUNTS } from './flow.ts';
import { SENTINEL, wantedRuns } from './messages.ts';
import type { Stage } from './stage.ts';
import { waitWhileMoving } from './while-moving.ts';

/** Waits until nothing could make or run a job any more; resolves with what is left when nothing has run for too long. */
export async function untilQuiet(stage: Stage): Promise<string[]> {
  const { publisher, ledger } = stage;
  // The broker sends it after all others.
  await publisher.send(SENTINEL);
  let left: string[] = [];
  const isQuiet = async () => {
    left = await leftUnderWay(stage);
    return left.length === 0;
  };
  await waitWhileMoving(isQuiet, () => ledger.lines);
  return left;
}

/** In the order in which a message goes: what has passed one place is seen at the next. */
async function leftUnderWay({ ledger, trace, nodeRed }: Stage): Promise<string[]> {
  if (!wantedRuns(SENTINEL).every((run) => ledger.has(run))) return ['the last message has not run'];
  if (trace.open > 0) return [`${trace.open} messages are not acknowledged`];
  try {
    const { job_queue_stats } = (await nodeRed.get(COUNTS)) as { job_queue_stats: QueueCounts };
    return unfinished(job_queue_stats);
  } catch (error) {
    return [`the queue cannot be counted: ${(error as Error).message}`];
  }
}

/** Looks into the store after Node-RED has stopped: there is to be no job that has not completed. */
export async function leftInStore({ storeOptions, topic }: Stage): Promise<string[]> {
  const store = openStore(storeOptions);
  try {
    const counts = await countJobs(store, { queue_name: topic });
    return [...unfinished(counts), ...(counts.failed > 0 ? [`${counts.failed} dead letters`] : [])];
  } finally {
    await store.close();
  }
}

function unfinished(counts: QueueCounts): string[] {
  const states = ['waiting', 'active', 'delayed', 'prioritized'] as const;
  return states.filter((state) => counts[state] > 0).map((state) => `${counts[state]} jobs are ${state}`);
}

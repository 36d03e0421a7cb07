import type { Store } from '../store/store.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** Pauses a queue for the workers of all processes: jobs are added but not taken. Running jobs continue. */
export async function pauseQueue(store: Store, queueName: string): Promise<void> {
  const { queue } = await inspectedQueue(store, queueName);
  await queue.pause();
}

/** Ends the pause. */
export async function resumeQueue(store: Store, queueName: string): Promise<void> {
  const { queue } = await inspectedQueue(store, queueName);
  await queue.resume();
}

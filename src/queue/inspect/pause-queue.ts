import type { Store } from '../store/store.ts';
import { inspectedQueue } from './inspected-queue.ts';

/** Pauses a queue for all workers of all processes: jobs come in, none is taken. Running jobs go on. */
export async function pauseQueue(store: Store, queueName: string): Promise<void> {
  const { queue } = await inspectedQueue(store, queueName);
  await queue.pause();
}

/** Lets the workers take jobs again. */
export async function resumeQueue(store: Store, queueName: string): Promise<void> {
  const { queue } = await inspectedQueue(store, queueName);
  await queue.resume();
}

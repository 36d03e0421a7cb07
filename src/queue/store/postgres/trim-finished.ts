import type { Retention } from '../../../model.ts';
import { newestOnly } from '../../../newest-only.ts';
import type { StoreQueue, StoreWorker, WorkOptions } from '../driver.ts';

type State = keyof WorkOptions['keep'];

/**
 * Removes the finished jobs that are too many or too old when a worker has finished others: the first, and from there
 * each twentieth of the count. The queue is closed with the worker.
 *
 * BullMQ would do it with every job, and compares every job of the queue with every one that stays: for a hundred thousand
 * that takes hours, in which the store does nothing else.
 */
export function trimFinished(
  queue: StoreQueue,
  worker: StoreWorker & { emit(event: 'error', error: Error): unknown },
  keep: WorkOptions['keep'],
): void {
  const report = (error: Error) => void worker.emit('error', error);
  const trimmer = (state: State) => {
    const trimNow = newestOnly<void>(() => trim(queue, state, keep[state]).catch(report));
    return firstOf(Math.floor(keep[state].count / 20), trimNow);
  };
  const [onCompleted, onDeadLetter] = [trimmer('completed'), trimmer('failed')];
  worker.on('completed', onCompleted);
  worker.on('failed', (job) => {
    if (job?.finishedOn !== undefined) onDeadLetter();
  });
  queue.on('error', report);
  worker.on('closed', () => void queue.close().catch(report));
}

async function trim(queue: StoreQueue, state: State, { count, age = Infinity }: Retention): Promise<void> {
  const [newestTooMany] = await queue.getJobs([state], count, count);
  const { finishedOn = -Infinity } = newestTooMany ?? {};
  const grace = Math.min(Date.now() - finishedOn, age * 1000);
  if (grace < Infinity) await queue.clean(grace, 0, state);
}

/** Acts at the first of so many calls, and at the first of the next. */
function firstOf(calls: number, act: () => void): () => void {
  let made = 0;
  return () => {
    if (made++ % Math.max(1, calls) === 0) act();
  };
}

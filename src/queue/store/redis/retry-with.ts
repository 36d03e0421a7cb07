import type { Queue } from 'bullmq';
import type { JobData } from '../../job/job-data.ts';
import { EDIT_DEAD } from './read-page-script.ts';
import type { RedisClient } from './redis-access.ts';

/** BullMQ's script for a retry, with its version; the transaction needs it by its name. */
const REPROCESS = 'reprocessJob:6.7.0';

type Transaction = ReturnType<RedisClient['multi']> & Record<typeof REPROCESS, (args: string[]) => unknown>;

/** Replaces the data of a dead letter and returns it to the queue, in one transaction. False if it is not one. */
export async function retryWith(
  client: RedisClient,
  { keys, toKey }: Pick<Queue<JobData, unknown>, 'keys' | 'toKey'>,
  { id, data }: { id: string; data: string },
): Promise<boolean> {
  const transaction = client.multi() as Transaction;
  transaction.eval(EDIT_DEAD, 2, keys['failed']!, toKey(id), id, data);
  const names = ['events', 'failed', 'wait', 'meta', 'active', 'marker', 'prioritized', 'pc'];
  // The job's attempts start anew; it is added to the end of the queue.
  const args = [id, 'LPUSH', 'failedReason', 'failed', '1', '1'];
  transaction[REPROCESS]([toKey(id), ...names.map((name) => keys[name]!), ...args]);
  const [, [error, code] = []] = (await transaction.exec()) ?? [];
  if (error) throw error;
  return code === 1;
}

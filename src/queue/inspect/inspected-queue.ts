import { resolveQueueOptions } from '../options.ts';
import type { StoreQueue } from '../store/driver.ts';
import type { QueueAccess } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';

/**
 * Opens a queue by a name given by a user; waits while the store is unavailable.
 *
 * @throws OptionsError if the name is invalid
 */
export async function inspectedQueue(
  store: Store,
  name: string,
): Promise<{ queue: StoreQueue; access: QueueAccess }> {
  const { queue_name } = resolveQueueOptions({ queue_name: name });
  const [queue, access] = await Promise.all([store.queue(queue_name), store.access(queue_name)]);
  return { queue, access };
}

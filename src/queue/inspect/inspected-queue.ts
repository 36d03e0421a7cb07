import { resolveQueueOptions } from '../options.ts';
import type { StoreQueue } from '../store/driver.ts';
import type { QueueAccess } from '../store/queue-access.ts';
import type { Store } from '../store/store.ts';

/**
 * Opens a queue by the name that a person gave; waits while the store is away.
 *
 * @throws OptionsError when no queue can have this name
 */
export async function inspectedQueue(
  store: Store,
  name: string,
): Promise<{ queue: StoreQueue; access: QueueAccess }> {
  const { queue_name } = resolveQueueOptions({ queue_name: name });
  const [queue, access] = await Promise.all([store.queue(queue_name), store.access(queue_name)]);
  return { queue, access };
}

import type { Redis } from 'ioredis';
import type { AnyJobState } from '../../../base/model.ts';
import type { BulkOptions } from '../../inspect/change-jobs.ts';
import { STEP } from '../../store/queue-access.ts';
import { tryChange, type ChangeName } from './change-rq.ts';
import { listKey } from './states.ts';

interface Bulk extends BulkOptions {
  queue: string;
  state: AnyJobState;
}

/** Changes all jobs that are in a state now, oldest first; gives how many. Those that cannot be changed stay. */
export async function changeAll(
  client: Redis,
  change: ChangeName,
  { queue, state, signal, onProgress }: Bulk,
): Promise<number> {
  const source = listKey(queue, state);
  const isCancelled = () => signal?.aborted ?? false;
  let left = source.type === 'list' ? await client.llen(source.key) : await client.zcard(source.key);
  let [changed, passed] = [0, 0];
  while (left > 0 && !isCancelled()) {
    // Jobs that were changed are gone from the list.
    const ids = await idsAt(client, source, [passed, passed + Math.min(left, STEP) - 1]);
    if (ids.length === 0) break;
    const done = await Promise.all(ids.map((id) => tryChange(client, change, { queue, id })));
    const count = done.filter((one) => one === 'changed').length;
    changed += count;
    passed += ids.length - count;
    left -= ids.length;
    onProgress?.(changed);
  }
  return changed;
}

function idsAt(
  client: Redis,
  { type, key }: ReturnType<typeof listKey>,
  [first, last]: [number, number],
): Promise<string[]> {
  return type === 'list' ? client.lrange(key, first, last) : client.zrange(key, first, `${last}`);
}

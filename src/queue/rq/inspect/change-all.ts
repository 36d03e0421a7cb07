import type { Redis } from 'ioredis';
import type { AnyJobState } from '../../../base/model.ts';
import { matcherOf } from '../../inspect/job-filter.ts';
import { inSteps, type BulkOptions, type Step, type Throttle } from '../../inspect/in-steps.ts';
import type { Position } from '../../store/queue-access.ts';
import type { ReadPickle } from '../read-serialized.ts';
import { tryChange, type ChangeName } from './change-rq.ts';
import { jobRow } from './job-row.ts';
import { readRows } from './read-rows.ts';
import { listKey } from './states.ts';

interface Bulk extends BulkOptions, Throttle {
  queue: string;
  state: AnyJobState;
  readPickle: ReadPickle;
  /** The `key` of a group of errors. Default: all jobs */
  group?: string | undefined;
}

/** Jobs that are read at once. */
const READ_STEP = 250;

/** Changes all jobs that are in a state now, oldest first; gives how many. Those that cannot be changed stay. */
export async function changeAll(client: Redis, change: ChangeName, bulk: Bulk): Promise<number> {
  const { type, key } = listKey(bulk.queue, bulk.state);
  const count = type === 'list' ? await client.llen(key) : await client.zcard(key);
  return inSteps([changing(client, change, { ...bulk, count })], bulk);
}

/** Reads the list once from the oldest job on; jobs that come in meanwhile are behind the first `count`. */
function changing(
  client: Redis,
  change: ChangeName,
  { queue, state, readPickle, group, count }: Bulk & { count: number },
): Step {
  const matches = matcherOf({ group });
  let [left, after]: [number, Position | undefined] = [count, undefined];
  let ids: string[] = [];
  const readMore = async () => {
    const limit = Math.min(READ_STEP, left);
    const found =
      limit > 0 ? await readRows(client, { ...listKey(queue, state), order: 'oldest', limit, after }) : [];
    after = found.at(-1)?.position;
    left -= found.length;
    const rows = matches ? found.filter((one) => matches(jobRow(one, { queue, state, readPickle }))) : found;
    ids.push(...rows.map(({ id }) => id));
    return found.length > 0;
  };
  return async ({ most, isCancelled }) => {
    while (!isCancelled()) {
      if (ids.length === 0 && !(await readMore())) return 0;
      const step = ids.splice(0, most);
      const done = await Promise.all(step.map((id) => tryChange(client, change, { queue, id })));
      const changed = done.filter((one) => one === 'changed').length;
      if (changed > 0) return changed;
    }
    return 0;
  };
}

import type { Store } from '../store/store.ts';

/** Which of these jobs have ended, and which are gone. */
export async function endedJobs(
  store: Store,
  queue: string,
  ids: string[],
): Promise<{ ended: string[]; gone: string[] }> {
  const access = await store.access(queue);
  const heads = await access.heads(ids);
  return {
    ended: ids.filter((id) => heads.get(id)?.finishedAt !== undefined),
    gone: ids.filter((id) => !heads.has(id)),
  };
}

import type { EndedJob, QueueAccess } from '../store/queue-access.ts';
import type { EndKind, JobEvent } from './job-event.ts';
import { toEvent } from './to-event.ts';

/** The end of a job. */
export interface End extends EndedJob {
  kind: EndKind;
}

/** Jobs whose results, of at most 1 MiB each, are read together. */
const BATCH = 50;

/**
 * Reads which jobs ended at `since` or later, oldest first, those of one millisecond in the order of their IDs; of each kind the
 * newest if they are more than `limit`.
 */
export async function readEnds(
  access: QueueAccess,
  { kinds, since, limit }: { kinds: readonly EndKind[]; since: number; limit: number },
): Promise<End[]> {
  const read = async (kind: EndKind) => {
    const ended = await access.ended({ state: kind, since, limit });
    return ended.map((end) => ({ ...end, kind }));
  };
  const lists = await Promise.all(kinds.map(read));
  return lists.flat().toSorted((a, b) => a.finishedAt - b.finishedAt || (a.id < b.id ? -1 : 1));
}

/** Reads the events of ends; leaves out those whose jobs are gone or have been retried. */
export async function* readEndEvents(
  access: QueueAccess,
  queue: string,
  ends: End[],
): AsyncGenerator<{ end: End; event: JobEvent }> {
  for (let at = 0; at < ends.length; at += BATCH) {
    const batch = ends.slice(at, at + BATCH);
    const heads = await access.heads(
      batch.map(({ id }) => id),
      true,
    );
    for (const end of batch) {
      const head = heads.get(end.id);
      if (head?.finishedAt !== end.finishedAt) continue;
      const raw = { ...end, at: new Date(end.finishedAt), result: head.result };
      yield { end, event: toEvent(raw, queue, head) };
    }
  }
}

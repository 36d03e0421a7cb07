import type { StreamReadRaw } from 'bullmq';
import { pause } from '../../base/growing-delay.ts';
import type { RestAfter } from './driver.ts';

type ReadEvents = (id: string, longest: number) => Promise<StreamReadRaw>;

/** Reads events in parts, with a rest between two reads that `restAfter` decides. */
export function restedReads(read: ReadEvents, restAfter: RestAfter, isClosing: () => boolean): ReadEvents {
  let readAt = performance.now();
  let rest = 0;
  return async (id, longest) => {
    if (rest > 0) await pause(rest);
    if (isClosing()) return null;
    const events = await read(id, longest);
    const now = performance.now();
    rest = restAfter(events?.[0]?.[1].length ?? 0, now - readAt);
    readAt = now;
    return events;
  };
}

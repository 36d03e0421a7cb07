import type { StreamReadRaw } from 'bullmq';
import { pause } from '../../base/growing-delay.ts';

/** Milliseconds between two reads of events while there are some; an event after a silence is read at once. */
const REST = 25;
/** Events that should be read together, which are fewer than a queue keeps. */
const FEW = 50;

type ReadEvents = (id: string, longest: number) => Promise<StreamReadRaw>;

/** Reads events in parts: a read for each event costs the store and this process about as much as the event's job. */
export function restedReads(read: ReadEvents, isClosing: () => boolean): ReadEvents {
  let readAt = performance.now();
  let rest = 0;
  return async (id, longest) => {
    if (rest > 0) await pause(rest);
    if (isClosing()) return null;
    const events = await read(id, longest);
    const found = events?.[0]?.[1].length ?? 0;
    const now = performance.now();
    rest = found === 0 ? 0 : Math.min(REST, (FEW * (now - readAt)) / found);
    readAt = now;
    return events;
  };
}

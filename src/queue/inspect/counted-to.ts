import type { QueueKind } from '../../base/model.ts';

/** Returns up to which number a queue counts if asked to count to `most`; a count above it means "at least so many". */
export function countedTo(kind: QueueKind, most: number): number {
  // Redis knows the length of each list.
  return kind === 'redis' || kind === 'rq' ? Number.MAX_SAFE_INTEGER : most;
}

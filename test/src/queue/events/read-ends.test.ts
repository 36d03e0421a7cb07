import assert from 'node:assert/strict';
import { readEnds } from '../../../../src/queue/events/read-ends.ts';
import type { EndedJob, EndedRequest, QueueAccess } from '../../../../src/queue/store/queue-access.ts';

describe('ends that are read', () => {
  it('are the oldest first; those of one millisecond are in the order of their IDs', async () => {
    const stored: Partial<Record<EndedRequest['state'], EndedJob[]>> = {
      completed: [
        { id: 'e', finishedAt: 2 },
        { id: 'd', finishedAt: 1 },
        { id: 'b', finishedAt: 1 },
      ],
      dead: [
        { id: 'c', finishedAt: 1 },
        { id: 'a', finishedAt: 1 },
      ],
    };
    const access = { ended: ({ state }: EndedRequest) => Promise.resolve(stored[state] ?? []) };
    const ends = await readEnds(access as QueueAccess, { kinds: ['completed', 'dead'], since: 0, limit: 9 });
    assert.deepEqual(
      ends.map(({ id, kind }) => [id, kind]),
      [
        ['a', 'dead'],
        ['b', 'completed'],
        ['c', 'dead'],
        ['d', 'completed'],
        ['e', 'completed'],
      ],
    );
  });
});

import assert from 'node:assert/strict';
import { Users } from '../../../nodes/config-node.ts';
import { QueueWatch, type QueueSample } from '../../../nodes/fp-queue-config/queue-watch.ts';
import type { QueueState } from '../../../src/index.ts';
import { until } from '../../helpers/until.ts';

const counts = { waiting: 3, running: 1, delayed: 0, completed: 0, dead: 2 };
const state: QueueState = { queue: 'q', counts, countedTo: 10_000, isPaused: false, oldestWaiting: 5000 };

/** A watch of a queue, with the number of reads. */
function watched() {
  const users = new Users();
  const seen = { users, reads: 0 };
  const read = async () => {
    seen.reads += 1;
    return state;
  };
  return Object.assign(seen, { watch: new QueueWatch({ users, read, countedTo: 10_000, interval: 10 }) });
}

describe('the watch of a queue', () => {
  it('reads once for all who watch, and nothing when nobody does', async () => {
    const queue = watched();
    const samples: QueueSample[][] = [[], []];
    const ends = samples.map((list) => queue.watch.add((sample) => list.push(sample)));
    queue.users.report({ state: 'connected' });
    await until('both have samples', () => samples.every((list) => list.length >= 3));
    assert.deepEqual(samples[0], samples[1]);
    assert.equal(samples[0]?.[0]?.waiting, 3);
    for (const end of ends) end();
    const { reads } = queue;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(queue.reads, reads);
    await queue.users.free();
  });

  it('reads nothing while the store is unavailable, and goes on when it is back', async () => {
    const queue = watched();
    const end = queue.watch.add(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(queue.reads, 0);
    queue.users.report({ state: 'connected' });
    await until('it was read', () => queue.reads >= 2);
    queue.users.report({ state: 'waiting', reason: 'away' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    const { reads } = queue;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(queue.reads, reads);
    queue.users.report({ state: 'connected' });
    await until('it is read again', () => queue.reads > reads);
    end();
    await queue.users.free();
  });
});

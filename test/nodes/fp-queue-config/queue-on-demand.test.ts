import assert from 'node:assert/strict';
import { QueueOnDemand } from '../../../nodes/fp-queue-config/queue-on-demand.ts';
import type { OpenQueue } from '../../../src/index.ts';
import { until } from '../../helpers/until.ts';

describe('a queue that is opened on demand', () => {
  let open: number;
  let opened: number;
  const openOne = () => {
    open++;
    opened++;
    return { close: async () => void open-- } as OpenQueue;
  };
  beforeEach(() => {
    open = opened = 0;
  });

  it('closes some time after the last look, and opens again for the next', async () => {
    const queue = new QueueOnDemand(openOne, { idle: 10 });
    await Promise.all([queue.look(async () => 1), queue.look(async () => 2)]);
    assert.equal(opened, 1);
    await until('it is closed', () => open === 0);
    assert.equal(await queue.look(async () => 3), 3);
    assert.equal(opened, 2);
    await queue.close();
    assert.equal(open, 0);
  });

  it('stays open for its users, also if a look opened it', async () => {
    const queue = new QueueOnDemand(openOne, { idle: 5 });
    await queue.look(async () => 1);
    queue.use();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await queue.look(async () => 2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual([open, opened], [1, 1]);
    await queue.close();
    assert.equal(open, 0);
  });
});

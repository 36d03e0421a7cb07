import assert from 'node:assert/strict';
import type { NodeStatus } from 'node-red';
import { WorkerStatus } from '../../nodes/fp-worker/worker-status.ts';
import type { StatusLine } from '../../nodes/status.ts';

/** What a worker shows that runs at most two jobs at once, with `count` under way. */
function shown(count: number, holders: string[], isLong = true): NodeStatus {
  const statuses: NodeStatus[] = [];
  const line = { show: (make: () => NodeStatus) => statuses.push(make()) } as unknown as StatusLine;
  const stuck = isLong ? { count, since: 0, holders } : undefined;
  const worker = new WorkerStatus(line, { count, stuck: () => stuck, blocked: () => undefined }, 2);
  worker.update({ connection: { state: 'connected' } });
  return statuses.at(-1) ?? {};
}

describe('the status of a worker', () => {
  it('names the node that holds a job for long, before its time-out', () => {
    assert.deepEqual(shown(1, ['ask the shop (http request)']), {
      fill: 'blue',
      shape: 'dot',
      text: '1 running, 1 held by ask the shop (http request)',
    });
    assert.equal(shown(1, ['ask the shop (http request)'], false).text, '1 running');
  });

  it('tells that a join waits for more messages than jobs can run', () => {
    const text = '2 running, 2 held by collect (join): needs more jobs at once';
    assert.equal(shown(2, ['collect (join)']).text, text);
    assert.doesNotMatch(shown(1, ['collect (join)']).text ?? '', /needs more/);
    assert.doesNotMatch(shown(2, ['collect (function)']).text ?? '', /needs more/);
  });
});

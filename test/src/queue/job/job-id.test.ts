import assert from 'node:assert/strict';
import { jobId } from '../../../../src/queue/job/job-id.ts';

describe('a job id', () => {
  it('sorts behind every earlier one, within a millisecond too', () => {
    const ids = Array.from({ length: 10_000 }, jobId);
    assert.deepEqual(ids.toSorted(), ids);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('is a UUID of version 7 that holds the time', () => {
    const id = jobId();
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const time = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    assert.ok(Math.abs(time - Date.now()) < 60_000);
  });
});

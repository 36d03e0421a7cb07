import assert from 'node:assert/strict';

/** Loads a fresh module: IDs of this one stay ahead of a clock that a test has set back. */
function freshJobId(): () => string {
  const path = require.resolve('../../../../src/queue/job/new-job.js');
  Reflect.deleteProperty(require.cache, path);
  return (require(path) as { jobId: () => string }).jobId;
}

describe('a job id', () => {
  it('sorts after every earlier one, also within a millisecond', () => {
    const ids = Array.from({ length: 10_000 }, freshJobId());
    assert.deepEqual(ids.toSorted(), ids);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('is a UUID of version 7 with the time', () => {
    const id = freshJobId()();
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const time = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    assert.ok(Math.abs(time - Date.now()) < 60_000);
  });
});

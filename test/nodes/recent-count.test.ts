import assert from 'node:assert/strict';
import { RecentCount } from '../../nodes/recent-count.ts';

describe('a count of recent events', () => {
  it('forgets what is older than its span', () => {
    const count = new RecentCount(60_000);
    for (const now of [0, 500, 30_000]) count.add(now);
    assert.equal(count.total(59_999), 3);
    assert.equal(count.total(60_000), 1);
    assert.equal(count.total(90_000), 0);
    count.add(200_000);
    assert.equal(count.total(200_000), 1);
  });
});

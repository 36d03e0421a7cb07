import assert from 'node:assert/strict';
import { hasGrown, watchMemory } from './memory-watch.ts';

describe('the memory of a campaign', () => {
  it('may take a quarter and 60 MB more in the end than at first', () => {
    assert.equal(hasGrown({ first: 200, last: 310 }), false);
    assert.equal(hasGrown({ first: 200, last: 311 }), true);
  });

  it('counts from the beginning, when no fault has ended a process yet', () => {
    let now = 200;
    const end = watchMemory(() => now);
    now = 100;
    assert.equal(end().first, 200);
  });
});

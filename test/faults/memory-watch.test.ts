import assert from 'node:assert/strict';
import { hasGrown } from './memory-watch.ts';

describe('the memory of a campaign', () => {
  it('may take a quarter and 60 MB more in the end than at first', () => {
    assert.equal(hasGrown({ first: 200, last: 310 }), false);
    assert.equal(hasGrown({ first: 200, last: 311 }), true);
  });
});

import assert from 'node:assert/strict';
import { Backlog } from '../../../nodes/fp-queue-config/backlog.ts';

/** Adds each number as the only sample of its minute; returns the last answer. */
function isGrowing(...waiting: number[]): boolean {
  const backlog = new Backlog(10_000);
  return waiting.map((count, minute) => backlog.add(count, minute * 60_000)).at(-1) ?? false;
}

describe('a backlog', () => {
  it('grows when more jobs waited from minute to minute, three times in a row', () => {
    assert.equal(isGrowing(1, 2, 3, 4), false, 'the last minute is not over');
    assert.equal(isGrowing(1, 2, 3, 4, 5), true);
    assert.equal(isGrowing(1, 2, 3, 3, 5), false);
    assert.equal(isGrowing(1, 2, 3, 4, 5, 4, 3), false);
  });

  it('does not grow by jobs that come at once and are soon done', () => {
    const backlog = new Backlog(10_000);
    let answer = false;
    for (let minute = 0; minute < 10; minute += 1) {
      for (const waiting of [minute * 1000, 0]) answer = backlog.add(waiting, minute * 60_000);
    }
    assert.equal(answer, false);
  });

  it('goes on growing above what is counted', () => {
    assert.equal(isGrowing(1, 2, 3, 4, 10_001, 10_001, 10_001), true);
  });
});

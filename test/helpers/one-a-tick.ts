import assert from 'node:assert/strict';

/** A job of a schedule: when it was due, and when it ran, in milliseconds since 1970. */
export interface Tick {
  due: number;
  at: number;
}

/** Each multiple of the interval has one job. Only one that ran late may be followed by a later one. */
export function assertOneATick<T extends Tick>(ticks: T[], interval: number, mayRunAgain?: T): void {
  const sorted = ticks.toSorted((a, b) => a.due - b.due);
  for (const [index, { due }] of sorted.entries()) {
    assert.equal(due % interval, 0, 'a job is due at a multiple of its interval');
    const before = sorted[index - 1];
    if (!before) continue;
    if (before.due === due) {
      assert.deepEqual(before, mayRunAgain, 'a tick has two jobs');
      continue;
    }
    const next = Math.max(before.due + interval, Math.ceil(before.at / interval) * interval);
    assert.ok(due <= next, `there is no job between ${JSON.stringify(before)} and ${due}`);
  }
}

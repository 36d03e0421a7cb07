import assert from 'node:assert/strict';
import { until } from './until.ts';

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

/** The same, once no tick is missing: a process that stands still tells of its tick after another one has told of the next. */
export async function untilOneATick<T extends Tick>(
  read: () => T[],
  interval: number,
  mayRunAgain?: T,
): Promise<void> {
  const isWhole = () => {
    try {
      assertOneATick(read(), interval, mayRunAgain);
      return true;
    } catch {
      return false;
    }
  };
  // The assertion says which one stays missing.
  await until('no tick is missing', isWhole, 30_000).catch(() => undefined);
  assertOneATick(read(), interval, mayRunAgain);
}

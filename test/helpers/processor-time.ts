import assert from 'node:assert/strict';

/** Milliseconds; without bounds, hostile input would take minutes. */
const MOST = 5000;

/** Returns the result of `run`; fails if it takes more than a few seconds of CPU time. */
export function inBoundedTime<T>(run: () => T): T {
  const before = process.cpuUsage();
  const result = run();
  const milliseconds = process.cpuUsage(before).user / 1000;
  assert.ok(milliseconds < MOST, `it took ${milliseconds} ms`);
  return result;
}

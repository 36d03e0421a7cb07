import assert from 'node:assert/strict';

/** Milliseconds; what is made to hurt would take minutes, if it could. */
const MOST = 5000;

/** What `run` gives, if it takes a few seconds of this process at most, however busy or slow the machine is. */
export function inBoundedTime<T>(run: () => T): T {
  const before = process.cpuUsage();
  const result = run();
  const milliseconds = process.cpuUsage(before).user / 1000;
  assert.ok(milliseconds < MOST, `it took ${milliseconds} ms`);
  return result;
}

import assert from 'node:assert/strict';

/** What `run` gives, if it takes less than a second of this process alone, however busy the machine is. */
export function withinASecond<T>(run: () => T): T {
  const before = process.cpuUsage();
  const result = run();
  const milliseconds = process.cpuUsage(before).user / 1000;
  assert.ok(milliseconds < 1000, `it took ${milliseconds} ms`);
  return result;
}

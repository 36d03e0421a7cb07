import assert from 'node:assert/strict';
import { encodeJob } from '../../../src/queue/job/job-data.ts';
import { writeJobs, type Entry, type Writing } from '../../../src/queue/write-jobs.ts';

describe('writing a batch of jobs', () => {
  it('retries only after every removal of a stale key: a late one would delete the new key', async () => {
    const log: string[] = [];
    const fails = () => Promise.reject(new Error('the store is away'));
    const endsLater = () => new Promise(setImmediate);
    const removals = [fails, endsLater];
    const queue = {
      async removeDeduplicationKey(key: string) {
        log.push(`remove ${key}`);
        await removals.shift()?.();
        log.push(`${key} is removed`);
      },
      async addBulk(jobs: unknown[]) {
        log.push(`add ${jobs.length}`);
        return [];
      },
    } as unknown as Writing['queue'];

    await writeJobs([entry('one', log), entry('two', log)], {
      queue,
      classifyError: () => 'away',
      onWait: () => log.push('wait'),
      closing: new AbortController().signal,
    });
    assert.deepEqual(log, [
      'remove one',
      'remove two',
      'two is removed',
      'wait',
      'remove one',
      'one is removed',
      'add 2',
      'one is stored',
      'two is stored',
    ]);
  });
});

function entry(name: string, log: string[]): Entry {
  const stored = () => log.push(`${name} is stored`);
  const { data, size } = encodeJob({ payload: name });
  return { name, data, size, opts: { jobId: name }, staleKey: name, stored, refused: assert.fail };
}

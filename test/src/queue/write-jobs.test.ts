import assert from 'node:assert/strict';
import { encodeJob } from '../../../src/queue/job/job-data.ts';
import { writeJobs, type Entry, type Writing } from '../../../src/queue/write-jobs.ts';

describe('writing a batch of jobs', () => {
  it('removes stale keys together, before it adds, and once', async () => {
    const log: string[] = [];
    const fails = () => Promise.reject(new Error('the store is away'));
    const removals = [fails];
    const adds = [fails];
    const queue = {
      async addBulk(jobs: unknown[]) {
        log.push(`add ${jobs.length}`);
        await adds.shift()?.();
        return [];
      },
    } as unknown as Writing['queue'];
    const removeKeys = async (keys: string[]) => {
      log.push(`remove ${keys.join()}`);
      await removals.shift()?.();
    };

    await writeJobs([entry('one', log), entry('two', log)], {
      queue,
      removeKeys,
      classifyError: () => 'away',
      onWait: () => log.push('wait'),
      closing: new AbortController().signal,
    });
    assert.deepEqual(log, [
      'remove one,two',
      'wait',
      'remove one,two',
      'add 2',
      'wait',
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

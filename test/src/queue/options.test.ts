import assert from 'node:assert/strict';
import { resolveQueueOptions, type QueueOptions } from '../../../src/queue/options.ts';
import { mistakesOf } from '../../helpers/mistakes.ts';

describe('queue options', () => {
  it('have defaults', () => {
    assert.deepEqual(resolveQueueOptions({}), {
      queue_name: 'mqtt_pipelines',
      max_retries: 3,
      backoff: 'exponential',
      backoff_delay: 1,
      backoff_max: 3600,
      keep_completed: 1000,
      keep_failed: 5000,
    });
  });

  it('may be undefined', () => {
    assert.equal(resolveQueueOptions({ queue_name: undefined }).queue_name, 'mqtt_pipelines');
  });

  it('are all checked together', () => {
    const wrong = {
      queue_name: 'a:b',
      max_retries: 1.5,
      backoff: 'slow',
      backoff_delay: -1,
      keep_completed: -1,
      keep_failed: 0.5,
    } as unknown as QueueOptions;
    assert.equal(mistakesOf(() => resolveQueueOptions(wrong)).length, 6);
  });

  for (const name of ['a:b', 'a b', 'ä', 'x'.repeat(101)]) {
    it(`refuse the name ${JSON.stringify(name.slice(0, 10))}`, () => {
      assert.match(mistakesOf(() => resolveQueueOptions({ queue_name: name })).join(), /queue_name/);
    });
  }
});

import assert from 'node:assert/strict';
import { OptionsError } from '../../../src/errors.ts';
import {
  checkStoreOptions,
  resolveQueueOptions,
  type QueueOptions,
  type StoreOptions,
} from '../../../src/queue/options.ts';

function mistakes(check: () => unknown): readonly string[] {
  try {
    check();
  } catch (error) {
    assert.ok(error instanceof OptionsError, String(error));
    return error.mistakes;
  }
  return [];
}

describe('queue options', () => {
  it('have defaults', () => {
    assert.deepEqual(resolveQueueOptions({}), {
      queue_name: 'mqtt_pipelines',
      max_retries: 3,
      backoff: { type: 'exponential', delay: 1000 },
      keep_completed: { count: 1000 },
      keep_failed: { count: 5000 },
    });
  });

  it('may hold what is not set', () => {
    assert.equal(resolveQueueOptions({ queue_name: undefined }).queue_name, 'mqtt_pipelines');
  });

  it('are all checked at once', () => {
    const wrong = {
      queue_name: 'a:b',
      max_retries: 1.5,
      backoff: { type: 'fixed', delay: -1 },
      keep_completed: { count: -1 },
      keep_failed: { count: 1, age: 0 },
    } as QueueOptions;
    assert.equal(mistakes(() => resolveQueueOptions(wrong)).length, 5);
  });

  for (const name of ['', 'a:b', 'a b', 'ä', 'x'.repeat(101), 'a\n']) {
    it(`do not take ${JSON.stringify(name.slice(0, 10))} for a name`, () => {
      assert.match(mistakes(() => resolveQueueOptions({ queue_name: name })).join(), /queue_name/);
    });
  }
});

describe('store options', () => {
  for (const [options, mistake] of [
    [{ store: 'embedded', directory: '' }, /directory/],
    [{ store: 'redis', redis_url: 'http://x' }, /redis_url/],
    [{ store: 'redis', redis_url: 'nonsense' }, /redis_url/],
    [{ store: 'redis', prefix: '' }, /prefix/],
    [{ store: 'postgres', postgres_url: 'redis://x' }, /postgres_url/],
    [{ store: 'postgres', schema: 'a-b"' }, /schema/],
    [{ store: 'postgres', pool_size: 0 }, /pool_size/],
    [{ store: 'oracle' }, /store must be embedded, redis or postgres/],
  ] as unknown as [StoreOptions, RegExp][]) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      assert.match(mistakes(() => checkStoreOptions(options)).join(), mistake);
    });
  }

  it('need nothing but the kind where there are defaults', () => {
    checkStoreOptions({ store: 'redis' });
    checkStoreOptions({ store: 'postgres' });
  });
});

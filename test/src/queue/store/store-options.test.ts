import assert from 'node:assert/strict';
import { resolveStoreOptions, type StoreOptions } from '../../../../src/queue/store/store-options.ts';
import { mistakesOf } from '../../../helpers/mistakes.ts';

describe('store options', () => {
  for (const [options, mistake] of [
    [{ store: 'embedded', directory: '' }, /directory/],
    [{ store: 'redis', redis_url: 'http://x' }, /redis_url/],
    [{ store: 'redis', redis_url: 'nonsense' }, /redis_url/],
    [{ store: 'redis', redis_options: { keyPrefix: 'plant:' } }, /keyPrefix: use `prefix`/],
    [{ store: 'postgres', postgres_url: 'redis://x' }, /postgres_url/],
    [{ store: 'postgres', schema: 'a-b"' }, /schema/],
    [{ store: 'oracle' }, /`store` must be embedded, redis or postgres/],
  ] as unknown as [StoreOptions, RegExp][]) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      assert.match(mistakesOf(() => resolveStoreOptions(options)).join(), mistake);
    });
  }

  it('need only the kind if there are defaults', () => {
    assert.deepEqual(resolveStoreOptions({ store: 'redis' }), {
      store: 'redis',
      redis_url: 'redis://localhost:6379',
      prefix: 'bull',
      redis_options: {},
    });
    assert.deepEqual(resolveStoreOptions({ store: 'postgres' }), {
      store: 'postgres',
      postgres_url: 'postgres://localhost:5432/postgres',
      schema: 'bullmq',
    });
  });
});

import { testStore } from '../store/test-store.ts';
import { resolveRqOptions, type RqOptions } from './rq-options.ts';

/**
 * Tries whether the Redis of RQ can be reached.
 *
 * @returns server and version, for instance `Redis 7.0.15`
 * @throws OptionsError when an option is wrong, TimedOutError, or an Error with the server's words
 */
export async function testRq(options: RqOptions): Promise<string> {
  const { prefix: _none, ...address } = resolveRqOptions(options);
  return testStore(address);
}

import { OptionsError } from '../../base/errors.ts';
import { queue, store, worker } from '../../options/job-queue.ts';
import { readOptions, type Values } from '../../options/option.ts';
import { project } from '../../options/project.ts';
import { rq } from '../../options/rq.ts';
import type { RedisOptions } from '../store/store-options.ts';

const { queue_name, max_retries, backoff, backoff_delay, backoff_max } = queue;
const settings = {
  queue_name,
  max_retries,
  backoff,
  backoff_delay,
  backoff_max,
  ...rq,
  timeout: worker.timeout,
  base_dir: project.base_dir,
};

/** A queue of RQ, and what becomes of its jobs. `base_dir` is a path on the workers' machines, `timeout` 0 no limit. */
export type RqQueueOptions = Values<typeof settings>;

/** The Redis that RQ's workers use: not a Cluster, since RQ's keys do not lie on one node of it. */
export interface RqOptions extends Omit<Partial<RedisOptions>, 'store' | 'prefix'> {
  store: 'rq';
}

/**
 * Fills in the defaults of a queue.
 *
 * @throws OptionsError that lists every mistake
 */
export function resolveRqQueueOptions(given: Partial<RqQueueOptions>): RqQueueOptions {
  return readOptions(settings, given);
}

/**
 * Fills in the defaults of an address.
 *
 * @throws OptionsError that lists every mistake
 */
export function resolveRqOptions({ store: _rq, redis_options = {}, ...given }: RqOptions): RedisOptions {
  const { redis_url } = readOptions({ redis_url: store.redis_url }, given);
  if (redis_options.cluster)
    throw new OptionsError(['`redis_options` must name no cluster: RQ cannot use one']);
  if (redis_options.keyPrefix) {
    throw new OptionsError(['`redis_options` must have no keyPrefix: the names of RQ begin with rq:']);
  }
  return { store: 'redis', prefix: '', ...given, redis_url, redis_options };
}

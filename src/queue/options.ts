import type { ClusterNode, RedisOptions as IoredisOptions } from 'ioredis';
import { OptionsError } from '../errors.ts';
import type { Backoff } from '../model.ts';

/** Where queues live, and how to reach it. */
export type StoreOptions = EmbeddedOptions | RedisOptions | PostgresOptions;

/** A database inside this process. */
export interface EmbeddedOptions {
  store: 'embedded';
  /** The directory of the database; made when it is not there. */
  directory: string;
}

/** Redis or Valkey. */
export interface RedisOptions {
  store: 'redis';
  /**
   * `redis://` or, with TLS, `rediss://`, then host, port and database: `redis://localhost:6379/0`.
   *
   * Default: `redis://localhost:6379`
   */
  redis_url?: string;
  /** ACL user, and password; they go before those in the URL. */
  username?: string;
  password?: string;
  /** First part of every key; for a Cluster it is put in braces, which keeps a queue on one node. Default: `bull` */
  prefix?: string;
  /**
   * Passed on to ioredis, for instance `{ tls: { ca } }`, or `{ sentinels, name }` for Sentinel; `{ cluster: [...] }`
   * lists the first nodes of a Cluster. With either of these the URL's host is not used.
   */
  redis_options?: IoredisOptions & { cluster?: ClusterNode[] };
}

/** PostgreSQL 13 or newer. */
export interface PostgresOptions {
  store: 'postgres';
  /** `postgres://host:port/database`; `?sslmode=verify-full` asks for TLS. Default: `postgres://localhost:5432/postgres` */
  postgres_url?: string;
  /** User and password; they go before those in the URL. */
  username?: string;
  password?: string;
  /** The schema that holds the queues; made when it is not there. Default: `bullmq` */
  schema?: string;
  /** Most connections for queries, 1 to 100; each worker has one more of its own. Default: 4 */
  pool_size?: number;
}

/** How many finished jobs stay in the store: `count`, or about a twentieth more, none much older than `age` seconds. */
export interface Retention {
  count: number;
  age?: number;
}

/** One queue and what becomes of its jobs. */
export interface QueueOptions {
  /** Letters, digits, dots, hyphens and underscores, at most 100. Default: `mqtt_pipelines` */
  queue_name: string;
  /** How many times a failed job is tried again, 0 to 1000. Default: 3 */
  max_retries: number;
  /** The wait before each retry. Default: exponential, from 1000 ms */
  backoff: Backoff;
  /**
   * Completed jobs that stay. With none, a write that is repeated because its answer was lost can run a job twice.
   *
   * Default: 1000
   */
  keep_completed: Retention;
  /** Dead letters that stay. Default: 5000 */
  keep_failed: Retention;
}

const queueDefaults: QueueOptions = {
  queue_name: 'mqtt_pipelines',
  max_retries: 3,
  backoff: { type: 'exponential', delay: 1000 },
  keep_completed: { count: 1000 },
  keep_failed: { count: 5000 },
};

const DAY = 86_400_000;

/**
 * Fills in the defaults of a queue.
 *
 * @throws OptionsError that lists every mistake
 */
export function resolveQueueOptions(options: Partial<QueueOptions>): QueueOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: QueueOptions = { ...queueDefaults, ...Object.fromEntries(given) };
  const { queue_name, max_retries, backoff, keep_completed, keep_failed } = resolved;
  throwMistakes([
    // BullMQ builds keys with colons between their parts.
    /^[\w.-]{1,100}$/.test(queue_name) ||
      'queue_name must be 1 to 100 letters, digits, dots, hyphens and underscores',
    isWhole(max_retries, 0, 1000) || 'max_retries must be a whole number from 0 to 1000',
    isBackoff(backoff) || 'backoff must be fixed or exponential, with a delay of 0 to 86400000 milliseconds',
    isRetention(keep_completed) ||
      'keep_completed must have a count of 0 or more, and may have an age in seconds',
    isRetention(keep_failed) || 'keep_failed must have a count of 0 or more, and may have an age in seconds',
  ]);
  return resolved;
}

/**
 * Checks the address of a store.
 *
 * @throws OptionsError that lists every mistake
 */
export function checkStoreOptions(options: StoreOptions): void {
  switch (options.store) {
    case 'embedded':
      throwMistakes([options.directory !== '' || 'directory must not be empty']);
      break;
    case 'redis':
      throwMistakes([
        isAddress(options.redis_url, 'redis:', 'rediss:') ||
          'redis_url must start with redis:// or rediss://',
        (options.prefix ?? 'bull') !== '' || 'prefix must not be empty',
      ]);
      break;
    case 'postgres':
      throwMistakes([
        isAddress(options.postgres_url, 'postgres:', 'postgresql:') ||
          'postgres_url must start with postgres:// or postgresql://',
        /^[A-Za-z_]\w{0,62}$/.test(options.schema ?? 'bullmq') ||
          'schema must start with a letter and consist of at most 63 letters, digits and underscores',
        isWhole(options.pool_size ?? 1, 1, 100) || 'pool_size must be a whole number from 1 to 100',
      ]);
      break;
    default:
      throw new OptionsError(['store must be embedded, redis or postgres']);
  }
}

/** Throws what is not `true`. */
export function throwMistakes(checks: (true | string)[]): void {
  const mistakes = checks.filter((check) => check !== true);
  if (mistakes.length > 0) throw new OptionsError(mistakes);
}

export function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

export function isBackoff({ type, delay }: Backoff): boolean {
  return ['fixed', 'exponential'].includes(type) && isWhole(delay, 0, DAY);
}

function isRetention({ count, age }: Retention): boolean {
  return (
    isWhole(count, 0, Number.MAX_SAFE_INTEGER) && (age === undefined || (Number.isFinite(age) && age > 0))
  );
}

function isAddress(address: string | undefined, ...protocols: string[]): boolean {
  if (address === undefined) return true;
  return URL.canParse(address) && protocols.includes(new URL(address).protocol);
}

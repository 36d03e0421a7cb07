import type { ClusterNode, RedisOptions as IoredisOptions } from 'ioredis';
import { OptionsError } from '../../errors.ts';
import type { StoreKind } from '../../model.ts';
import { isWhole, throwMistakes } from '../../mistakes.ts';

/** A database of this process. */
export interface EmbeddedOptions {
  store: 'embedded';
  /** The directory of the database; made when it is not there. */
  directory: string;
}

/** Redis or Valkey. */
export interface RedisOptions {
  store: 'redis';
  /** `redis://` or, with TLS, `rediss://`, then host, port and database. Default: `redis://localhost:6379` */
  redis_url: string;
  /** ACL user, and password; they go before those in the URL. */
  username?: string;
  password?: string;
  /** First part of every key; for a Cluster it is put in braces, which keeps a queue on one node. Default: `bull` */
  prefix: string;
  /**
   * Passed on to ioredis, for instance `{ tls: { ca } }`, or `{ sentinels, name }` for Sentinel; `{ cluster: [...] }`
   * lists the first nodes of a Cluster. With either of these the URL's host is not used.
   */
  redis_options: IoredisOptions & { cluster?: ClusterNode[] };
}

/** PostgreSQL 13 or newer. */
export interface PostgresOptions {
  store: 'postgres';
  /** `postgres://host:port/database`. Default: `postgres://localhost:5432/postgres` */
  postgres_url: string;
  /** User and password; they go before those in the URL. */
  username?: string;
  password?: string;
  /** The schema that holds the queues; made when it is not there. Default: `bullmq` */
  schema: string;
  /** As in Node's tls.connect; its presence asks for TLS. An `sslmode` in the URL goes before it. */
  tls?: object;
  /** Most connections for queries, 1 to 100; each worker has one more of its own. Default: 4 */
  pool_size: number;
}

type Given<Options extends { store: StoreKind }> = Pick<Options, 'store'> & Partial<Options>;

/** Where queues live, and how to reach it; what is left out has its default. */
export type StoreOptions = EmbeddedOptions | Given<RedisOptions> | Given<PostgresOptions>;

const redisDefaults = { redis_url: 'redis://localhost:6379', prefix: 'bull', redis_options: {} };
const postgresDefaults = {
  postgres_url: 'postgres://localhost:5432/postgres',
  schema: 'bullmq',
  pool_size: 4,
};

/**
 * Fills in the defaults of a store.
 *
 * @throws OptionsError that lists every mistake
 */
export function resolveStoreOptions(options: StoreOptions): EmbeddedOptions | RedisOptions | PostgresOptions {
  switch (options.store) {
    case 'embedded':
      throwMistakes([options.directory !== '' || 'directory must not be empty']);
      return options;
    case 'redis':
      return checkedRedis({ ...redisDefaults, ...options });
    case 'postgres':
      return checkedPostgres({ ...postgresDefaults, ...options });
    default:
      throw new OptionsError(['store must be embedded, redis or postgres']);
  }
}

function checkedRedis(options: RedisOptions): RedisOptions {
  throwMistakes([
    isAddress(options.redis_url, 'redis:', 'rediss:') || 'redis_url must start with redis:// or rediss://',
    options.prefix !== '' || 'prefix must not be empty',
  ]);
  return options;
}

function checkedPostgres(options: PostgresOptions): PostgresOptions {
  throwMistakes([
    isAddress(options.postgres_url, 'postgres:', 'postgresql:') ||
      'postgres_url must start with postgres:// or postgresql://',
    /^[A-Za-z_]\w{0,62}$/.test(options.schema) ||
      'schema must start with a letter and consist of at most 63 letters, digits and underscores',
    isWhole(options.pool_size, 1, 100) || 'pool_size must be a whole number from 1 to 100',
  ]);
  return options;
}

function isAddress(address: string, ...protocols: string[]): boolean {
  return URL.canParse(address) && protocols.includes(new URL(address).protocol);
}

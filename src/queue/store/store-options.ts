import type { ClusterNode, RedisOptions as IoredisOptions } from 'ioredis';
import { OptionsError } from '../../base/errors.ts';
import { throwMistakes } from '../../base/mistakes.ts';
import type { StoreKind } from '../../base/model.ts';
import { store } from '../../options/job-queue.ts';
import { readOptions } from '../../options/option.ts';

/** A database in a child process. */
export interface EmbeddedOptions {
  store: 'embedded';
  /** Directory of the database; created if it is missing. */
  directory: string;
}

/** Redis or Valkey. */
export interface RedisOptions {
  store: 'redis';
  /** `redis://` or, with TLS, `rediss://`, then host, port and database. Default: `redis://localhost:6379` */
  redis_url: string;
  /** ACL user and password; they override those in the URL. */
  username?: string;
  password?: string;
  /** Prefix of every key. For a Cluster it is put in braces, which keeps a queue on one node. Default: `bull` */
  prefix: string;
  /**
   * Options of ioredis, for instance `{ tls: { ca } }`, or `{ sentinels, name }` for Sentinel. `{ cluster: [...] }`
   * lists the first nodes of a Cluster. Sentinel and Cluster ignore the URL's host.
   */
  redis_options: IoredisOptions & { cluster?: ClusterNode[] };
}

/** PostgreSQL 13 or later. */
export interface PostgresOptions {
  store: 'postgres';
  /** `postgres://host:port/database`. Default: `postgres://localhost:5432/postgres` */
  postgres_url: string;
  /** User and password; they override those in the URL. */
  username?: string;
  password?: string;
  /** Schema of the queues; created if it is missing. Default: `bullmq` */
  schema: string;
  /** Options of Node.js's tls.connect; an empty object also turns TLS on. An `sslmode` in the URL overrides it. */
  tls?: object;
}

type Given<Options extends { store: StoreKind }> = Pick<Options, 'store'> & Partial<Options>;

/** Options of a store; missing ones have their defaults. */
export type StoreOptions = EmbeddedOptions | Given<RedisOptions> | Given<PostgresOptions>;

const { redis_url, prefix, postgres_url, schema } = store;

/**
 * Fills in the defaults of a store.
 *
 * @throws OptionsError that lists every mistake
 */
export function resolveStoreOptions(options: StoreOptions): EmbeddedOptions | RedisOptions | PostgresOptions {
  switch (options.store) {
    case 'embedded':
      if (options.directory === '') throw new OptionsError(['`directory` must not be empty']);
      return options;
    case 'redis':
      throwMistakes([
        !options.redis_options?.keyPrefix || '`redis_options` must not have a keyPrefix: use `prefix`',
      ]);
      return { redis_options: {}, ...options, ...readOptions({ redis_url, prefix }, options) };
    case 'postgres':
      return { ...options, ...readOptions({ postgres_url, schema }, options) };
    default:
      throw new OptionsError(['`store` must be embedded, redis or postgres']);
  }
}

/** Adds user and password, if given, to an address. */
export function addressWith(
  url: string,
  { username, password }: { username?: string; password?: string },
): string {
  const address = new URL(url);
  // The setters don't escape percent signs, and parsers would read them as escapes.
  if (username) address.username = encodeURIComponent(username);
  if (password) address.password = encodeURIComponent(password);
  return address.href;
}

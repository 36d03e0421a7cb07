import type { Client, ClientConfig, Pool, PoolConfig } from 'pg';
import { loadLibrary } from '../../../base/load-library.ts';
import { type PostgresOptions, addressWith } from '../store-options.ts';

/** The used part of the package `pg`. */
export interface PgModule {
  Pool: new (config: PoolConfig) => Pool;
  Client: new (config: ClientConfig) => Client;
}

/** Loads PostgreSQL's driver, an optional dependency. */
export async function loadPg(): Promise<PgModule> {
  return loadLibrary<PgModule>('pg');
}

/** Returns the connection options; unqualified names refer to the schema. */
export function pgConfig(options: PostgresOptions): ClientConfig {
  const address = new URL(addressWith(options.postgres_url, options));
  const given = address.searchParams.get('options') ?? '';
  address.searchParams.set('options', `${given} -c search_path="${options.schema}"`.trim());
  return {
    connectionString: address.href,
    ...(options.tls && { ssl: options.tls }),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

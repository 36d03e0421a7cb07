import { TimedOutError } from '../../base/errors.ts';
import { embeddedVersion } from './embedded/embedded-store.ts';
import { loadPg, pgConfig } from './postgres/load-pg.ts';
import {
  resolveStoreOptions,
  type PostgresOptions,
  type RedisOptions,
  type StoreOptions,
} from './store-options.ts';
import { orInterrupted } from '../../base/or-interrupted.ts';
import { readServerInfo } from './redis/redis-info.ts';
import { connectRedis } from './redis/redis-store.ts';
import { errorText } from './error-text.ts';

const LONGEST = 10_000;
/** A first start of the embedded database may take longer on a small machine than a server's answer. */
const LONGEST_START = 60_000;

/**
 * Tests the connection to a store, for at most `longest` milliseconds. Default: 10 s, or a minute for the embedded store.
 *
 * @returns server and version, for instance `Redis 7.0.15`
 * @throws OptionsError if an option is invalid, TimedOutError, or an Error with the server's message
 */
export async function testStore(options: StoreOptions, longest = longestFor(options)): Promise<string> {
  const resolved = resolveStoreOptions(options);
  const late = AbortSignal.timeout(longest);
  try {
    return await askVersion(resolved, late);
  } catch (error) {
    throw late.aborted ? new TimedOutError(`the store did not answer within ${longest / 1000} s`) : error;
  }
}

function longestFor({ store }: StoreOptions): number {
  return store === 'embedded' ? LONGEST_START : LONGEST;
}

function askVersion(options: ReturnType<typeof resolveStoreOptions>, late: AbortSignal): Promise<string> {
  switch (options.store) {
    case 'embedded':
      return orInterrupted(embeddedVersion(options), late);
    case 'redis':
      return askRedis(options, late);
    case 'postgres':
    default:
      return askPostgres(options, late);
  }
}

async function askRedis(options: RedisOptions, late: AbortSignal): Promise<string> {
  const client = connectRedis(options, {
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: 2 * LONGEST,
  });
  let trouble: unknown;
  const remember = (error: unknown) => (trouble ??= error);
  client.on('error', remember).on('node error', remember);
  late.addEventListener('abort', () => client.disconnect());
  try {
    await client.connect();
    const { version } = await readServerInfo(client, () => undefined);
    return version;
  } catch (error) {
    throw new Error(errorText(trouble ?? error), { cause: error });
  } finally {
    client.disconnect();
  }
}

async function askPostgres(options: PostgresOptions, late: AbortSignal): Promise<string> {
  const { Client } = await loadPg();
  late.throwIfAborted();
  const config = pgConfig(options);
  const client = new Client({ ...config, connectionTimeoutMillis: 2 * LONGEST });
  client.on('error', () => undefined);
  late.addEventListener('abort', () => client.connection.stream.destroy());
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return `PostgreSQL ${rows[0]?.server_version}`;
  } catch (error) {
    throw new Error(errorText(error), { cause: error });
  } finally {
    client.end().catch(() => undefined);
  }
}

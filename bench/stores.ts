import type { StoreOptions } from '../src/index.ts';
import { postgresUrl, startPostgres } from '../test/helpers/postgres.ts';
import { temporaryDirectory } from '../test/helpers/servers.ts';
import type { StoreName } from './flows.ts';
import { sharedServers } from './servers.ts';

export type BenchStore = StoreName | 'postgres';

/** Starts a store for a row; Redis is shared by all rows. */
export async function startStore(
  kind: BenchStore,
): Promise<{ address: StoreOptions; stop: () => Promise<void> }> {
  const stop = async () => undefined;
  if (kind === 'embedded') return { address: { store: kind, directory: temporaryDirectory('bench') }, stop };
  if (kind === 'redis') {
    const { redis } = await sharedServers();
    return { address: { store: kind, redis_url: `redis://127.0.0.1:${redis.port}` }, stop };
  }
  const server = await startPostgres();
  return { address: { store: kind, postgres_url: postgresUrl(server) }, stop: () => server.stop() };
}

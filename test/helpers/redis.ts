import {
  freePort,
  program,
  startServer,
  temporaryDirectory,
  sharedServer,
  type Server,
  type SharedServer,
} from './servers.ts';

export const redisProgram = program('redis-server');

export interface RedisOptions {
  /** An earlier Redis's port and directory: a restart with its data. */
  port?: number;
  directory?: string;
  /** Further options, as on the command line. */
  args?: string[];
}

/** A Redis of the test's own, with an append-only file in its directory. */
export async function startRedis(options: RedisOptions = {}): Promise<Server> {
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? temporaryDirectory('redis');
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--appendonly', 'yes'];
  return startServer({
    command: redisProgram ?? 'redis-server',
    args: [...args, '--save', '', ...(options.args ?? [])],
    port,
    directory,
  });
}

/** One Redis for all tests that do not break it; tests use queue names of their own. */
export const sharedRedis = (): SharedServer => sharedServer('redis');

/** Its address, as a queue's options. */
export const redisAddress = () => ({
  store: 'redis' as const,
  redis_url: `redis://127.0.0.1:${sharedRedis().port}`,
});

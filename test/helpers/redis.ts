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
  /** Port and directory of an earlier Redis, to restart it with its data. */
  port?: number;
  directory?: string;
  /** Further command-line options. */
  args?: string[];
}

/** Starts a separate Redis, with an append-only file in its directory. */
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

/** The Redis shared by all tests that don't break it; tests use unique queue names. */
export const sharedRedis = (): SharedServer => sharedServer('redis');

/** Returns its address as options of a queue. */
export const redisAddress = () => ({
  store: 'redis' as const,
  redis_url: `redis://127.0.0.1:${sharedRedis().port}`,
});

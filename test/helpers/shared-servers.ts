/** Starts the servers that all test files share. Tests use unique names of queues, topics, schemas and clients. */
import { mosquittoProgram, startMosquitto } from './mosquitto.ts';
import { postgresProgram, startPostgres } from './postgres.ts';
import { redisProgram, startRedis } from './redis.ts';
import { shareServers, type Server } from './servers.ts';

/** These servers are never restarted with their files, so they don't sync to the disk. */
const startPrograms: Record<string, [program: string | undefined, start: () => Promise<Server>]> = {
  mosquitto: [mosquittoProgram, () => startMosquitto({ savesAtEnd: true })],
  redis: [redisProgram, () => startRedis({ args: ['--appendonly', 'no'] })],
  // Each of the parallel files has its own connections.
  postgres: [postgresProgram, () => startPostgres({ settings: ['max_connections=500', 'fsync=off'] })],
};

/** Starts the installed servers. */
export async function startSharedServers(): Promise<void> {
  const installed = Object.entries(startPrograms).filter(([, [program]]) => program !== undefined);
  const places = installed.map(async ([name, [, start]]) => {
    const { host, port, directory, process: child } = await start();
    return [name, { host, port, directory, pid: child.pid ?? 0 }] as const;
  });
  shareServers(Object.fromEntries(await Promise.all(places)));
}

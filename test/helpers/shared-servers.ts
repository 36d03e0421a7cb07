/** Starts the servers that all test files share; tests keep apart by unique names of queues, topics, schemas and clients. */
import { mosquittoProgram, startMosquitto } from './mosquitto.ts';
import { postgresProgram, startPostgres } from './postgres.ts';
import { redisProgram, startRedis } from './redis.ts';
import { shareServers, type Server } from './servers.ts';

/** None of them is started again with its files, so what it writes need not reach the disk. */
const startPrograms: Record<string, [program: string | undefined, start: () => Promise<Server>]> = {
  mosquitto: [mosquittoProgram, () => startMosquitto({ savesAtEnd: true })],
  redis: [redisProgram, () => startRedis({ args: ['--appendonly', 'no'] })],
  // Each of the files that run side by side has connections of its own.
  postgres: [postgresProgram, () => startPostgres({ settings: ['max_connections=500', 'fsync=off'] })],
};

/** Starts those that are installed. */
export async function startSharedServers(): Promise<void> {
  const installed = Object.entries(startPrograms).filter(([, [program]]) => program !== undefined);
  const places = installed.map(async ([name, [, start]]) => {
    const { host, port, directory, process: child } = await start();
    return [name, { host, port, directory, pid: child.pid ?? 0 }] as const;
  });
  shareServers(Object.fromEntries(await Promise.all(places)));
}

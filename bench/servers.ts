import { startMosquitto } from '../test/helpers/mosquitto.ts';
import { startRedis } from '../test/helpers/redis.ts';
import type { Server } from '../test/helpers/servers.ts';

export interface Servers {
  mosquitto: Server;
  redis: Server;
}

let started: Promise<Servers> | undefined;

/**
 * Starts the servers for all rows. mosquitto sends up to 1000 unacknowledged messages: its default of 20 would limit
 * every row.
 */
export function sharedServers(): Promise<Servers> {
  started ??= start();
  return started;
}

async function start(): Promise<Servers> {
  const config = ['allow_anonymous true', 'max_inflight_messages 1000'];
  const [mosquitto, redis] = await Promise.all([startMosquitto({ config, savesAtEnd: true }), startRedis()]);
  return { mosquitto, redis };
}

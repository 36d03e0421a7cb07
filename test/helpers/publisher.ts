import { connectAsync, type MqttClient } from 'mqtt';
import type { Server } from './servers.ts';

/** A client that publishes, independent of the code under test. */
export function publisher(server: Pick<Server, 'port'>): Promise<MqttClient> {
  return connectAsync(`mqtt://127.0.0.1:${server.port}`);
}

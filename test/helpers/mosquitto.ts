import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  program,
  startServer,
  temporaryDirectory,
  sharedServer,
  type Server,
  type SharedServer,
} from './servers.ts';

export const mosquittoProgram = program('mosquitto');

export interface MosquittoOptions {
  /** Port and directory of an earlier mosquitto, to restart it with its sessions and messages. */
  port?: number;
  directory?: string;
  /** Further lines of mosquitto.conf. */
  config?: string[];
  /**
   * Writes its messages to disk only when SIGTERM stops it. Use it for many messages: otherwise mosquitto writes all of
   * them at each change.
   */
  savesAtEnd?: boolean;
}

/** Starts a separate mosquitto, which stores its sessions and messages in its directory. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Server> {
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? temporaryDirectory('mosquitto');
  const config = join(directory, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    ...(options.config ?? ['allow_anonymous true']),
    'persistence true',
    `persistence_location ${directory}/`,
    ...(options.savesAtEnd ? ['autosave_interval 0'] : ['autosave_on_changes true', 'autosave_interval 1']),
    'max_queued_messages 0',
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  return startServer({ command: mosquittoProgram ?? 'mosquitto', args: ['-c', config], port, directory });
}

/** The mosquitto shared by all tests that don't break it; tests use unique topics and client IDs. */
export const sharedMosquitto = (): SharedServer => sharedServer('mosquitto');

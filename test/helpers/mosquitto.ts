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
  /** An earlier mosquitto's port and directory: a restart with its sessions and messages. */
  port?: number;
  directory?: string;
  /** Further lines of mosquitto.conf. */
  config?: string[];
  /**
   * Writes its messages to disk only when it stops, which a SIGTERM makes it do: for many messages, since it otherwise
   * writes all of them anew at each change.
   */
  savesAtEnd?: boolean;
}

/** A mosquitto of the test's own, which keeps its sessions and messages in its directory. */
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

/** One mosquitto for all tests that do not break it; tests use topics and client ids of their own. */
export const sharedMosquitto = (): SharedServer => sharedServer('mosquitto');

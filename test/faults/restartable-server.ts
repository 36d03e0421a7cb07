import { execFileSync } from 'node:child_process';
import type { Server } from '../helpers/servers.ts';

/** A server that comes back on its port with its data. */
export interface RestartableServer {
  readonly port: number;
  restart(): Promise<void>;
  /** To the server and the processes that it started. */
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

type Start = (earlier?: { port: number; directory: string }) => Promise<Server>;

export async function restartable(start: Start): Promise<RestartableServer> {
  let server = await start();
  return {
    port: server.port,
    async restart() {
      const { port, directory } = server;
      await server.stop();
      server = await startAgain(() => start({ port, directory }));
    },
    signal(signal) {
      try {
        execFileSync('pkill', ['--signal', signal, '--parent', String(server.process.pid)]);
      } catch {
        // It has no processes of its own.
      }
      server.process.kill(signal);
    },
    stop: () => server.stop(),
  };
}

/** PostgreSQL refuses to start while a process of its predecessor is about to end. */
async function startAgain(start: () => Promise<Server>): Promise<Server> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

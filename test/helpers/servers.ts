/** Real servers for tests, each with a free port and a new directory. They stop after the file that started them. */
import { randomInt } from 'node:crypto';
import { execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { until } from './until.ts';

export interface Server {
  host: string;
  port: number;
  directory: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

const running = new Set<Server>();

/** Address and process ID of a server that all files of a run share, see shared-servers.ts. */
export interface SharedServer {
  host: string;
  port: number;
  directory: string;
  pid: number;
}

const SHARED = 'FP_TEST_SERVERS';

/** Shares servers with this process and its future child processes. */
export function shareServers(servers: Record<string, SharedServer>): void {
  process.env[SHARED] = JSON.stringify(servers);
}

export function sharedServer(name: string): SharedServer {
  const servers = JSON.parse(process.env[SHARED] ?? '{}') as Record<string, SharedServer>;
  const server = servers[name];
  if (!server) throw new Error(`no shared ${name} runs: is it installed?`);
  return server;
}

/** Stops every server that a test started. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

/** Returns the path of a program in the PATH or in one of Debian's other folders, if it is installed. */
export function program(name: string, ...elsewhere: string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', ...elsewhere];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * A port that nobody listens on. It lies below those that systems give to outgoing connections, one of which could have it
 * before the server does.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_240, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

const directories: string[] = [];

/** Creates a temporary directory, which is removed when the process ends. */
export function temporaryDirectory(name: string): string {
  if (directories.length === 0) process.once('exit', removeDirectories);
  const directory = mkdtempSync(join(tmpdir(), `fp-${name}-`));
  directories.push(directory);
  return directory;
}

function removeDirectories(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}

interface Start {
  command: string;
  args: string[];
  port: number;
  directory: string;
  options?: SpawnOptions;
  /** Default: SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** Milliseconds after this signal until it is killed. Default: 5000. */
  timeToStop?: number;
}

/** Starts a server and waits until its port answers. Fails with the server's output if it ends first. */
export async function startServer(start: Start): Promise<Server> {
  const { command, args, port, directory, options, stopSignal = 'SIGTERM', timeToStop = 5000 } = start;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
  child.stderr?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const server: Server = {
    host: '127.0.0.1',
    port,
    directory,
    process: child,
    async stop() {
      running.delete(server);
      // A frozen process does not handle the other signal.
      child.kill('SIGCONT');
      child.kill(stopSignal);
      const timer = setTimeout(() => child.kill('SIGKILL'), timeToStop);
      await ended;
      clearTimeout(timer);
    },
  };
  running.add(server);
  await until(`${command} answers on port ${port}`, async () => {
    if (child.exitCode !== null) throw new Error(`${command} ended with code ${child.exitCode}: ${output}`);
    return answers(port);
  });
  return server;
}

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

/** Returns Debian's user `postgres` if this process is root, because PostgreSQL refuses to run as root. */
export function notRoot(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

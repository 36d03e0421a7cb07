import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort, notRoot, program, startServer, temporaryDirectory, type Server } from './servers.ts';

/** Debian keeps PostgreSQL's server programs off the PATH. */
const debian = '/usr/lib/postgresql';
const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];

export const postgresProgram = program('postgres', ...versions);

export interface PostgresOptions {
  /** An earlier PostgreSQL's port and directory: a restart with its data. */
  port?: number;
  directory?: string;
  /** Of the user `postgres`. Default: whoever asks is let in */
  password?: string;
}

/** A PostgreSQL of the test's own: user and database are `postgres`. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Server> {
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? temporaryDirectory('postgres');
  const user = notRoot();
  const spawnOptions = { ...user, cwd: directory };
  if (user) chownSync(directory, user.uid, user.gid);
  if (!existsSync(join(directory, 'PG_VERSION'))) {
    const initdb = program('initdb', ...versions) ?? 'initdb';
    const args = ['-D', directory, '-U', 'postgres', '-E', 'UTF8', '--no-sync', ...access(options.password)];
    execFileSync(initdb, args, { ...spawnOptions, stdio: 'pipe' });
  }
  return startServer({
    command: postgresProgram ?? 'postgres',
    args: ['-D', directory, '-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-k', directory],
    port,
    directory,
    options: spawnOptions,
  });
}

function access(password: string | undefined): string[] {
  if (password === undefined) return ['-A', 'trust'];
  const file = join(temporaryDirectory('postgres-password'), 'password');
  writeFileSync(file, password);
  chmodSync(dirname(file), 0o755);
  return ['-A', 'scram-sha-256', `--pwfile=${file}`];
}

/** The address of a database on a server that `startPostgres` started. */
export function postgresUrl(server: Server): string {
  return `postgres://postgres@${server.host}:${server.port}/postgres`;
}

let shared: Promise<Server> | undefined;

/** One PostgreSQL for all tests that do not break it; tests use schemas or queue names of their own. */
export function sharedPostgres(): Promise<Server> {
  shared ??= startPostgres();
  return shared;
}

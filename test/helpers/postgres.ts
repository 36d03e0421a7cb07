import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  freePort,
  notRoot,
  program,
  startServer,
  temporaryDirectory,
  sharedServer,
  type Server,
  type SharedServer,
} from './servers.ts';

/** Debian's folder of PostgreSQL's server programs, which are not in the PATH. */
const debian = '/usr/lib/postgresql';
const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];

export const postgresProgram = program('postgres', ...versions);

export interface PostgresOptions {
  /** Port and directory of an earlier PostgreSQL, to restart it with its data. */
  port?: number;
  directory?: string;
  /** Password of the user `postgres`. Default: no password is needed. */
  password?: string;
  /** Paths of key and certificate (PEM). */
  tls?: { key: string; cert: string };
  /** Further settings of postgresql.conf, such as `max_connections=500`. */
  settings?: string[];
}

/** Starts a separate PostgreSQL; user and database are `postgres`. */
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
  const tls = options.tls ? ownTls(options.tls, directory, user) : [];
  const settings = (options.settings ?? []).flatMap((setting) => ['-c', setting]);
  return startServer({
    command: postgresProgram ?? 'postgres',
    args: [
      '-D',
      directory,
      '-p',
      `${port}`,
      '-c',
      'listen_addresses=127.0.0.1',
      '-k',
      directory,
      ...settings,
      ...tls,
    ],
    port,
    directory,
    options: spawnOptions,
    // Does not wait for its clients to disconnect.
    stopSignal: 'SIGINT',
    // The child processes of one that is killed may live on, and then another does not start in this directory.
    timeToStop: 30_000,
  });
}

/** Copies the key: PostgreSQL only accepts its own file that no other user can read. */
function ownTls(
  { key, cert }: { key: string; cert: string },
  directory: string,
  user: { uid: number; gid: number } | undefined,
): string[] {
  const files = { ssl_key_file: join(directory, 'server.key'), ssl_cert_file: join(directory, 'server.crt') };
  for (const [from, to] of [
    [key, files.ssl_key_file],
    [cert, files.ssl_cert_file],
  ] as const) {
    copyFileSync(from, to);
    chmodSync(to, 0o600);
    if (user) chownSync(to, user.uid, user.gid);
  }
  return ['-c', 'ssl=on', ...Object.entries(files).flatMap(([name, file]) => ['-c', `${name}=${file}`])];
}

function access(password: string | undefined): string[] {
  if (password === undefined) return ['-A', 'trust'];
  const file = join(temporaryDirectory('postgres-password'), 'password');
  writeFileSync(file, password);
  chmodSync(dirname(file), 0o755);
  return ['-A', 'scram-sha-256', `--pwfile=${file}`];
}

/** Returns the address of the database on a server started by `startPostgres`. */
export function postgresUrl(server: Pick<Server, 'host' | 'port'>): string {
  return `postgres://postgres@${server.host}:${server.port}/postgres`;
}

/** The PostgreSQL shared by all tests that don't break it; tests use unique schemas or queue names. */
export const sharedPostgres = (): SharedServer => sharedServer('postgres');

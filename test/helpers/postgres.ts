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
  /** Paths of key and certificate, PEM. */
  tls?: { key: string; cert: string };
  /** Further settings of postgresql.conf, such as `max_connections=500`. */
  settings?: string[];
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
  });
}

/** PostgreSQL takes only a key that belongs to it and that nobody else can read. */
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

/** The address of a database on a server that `startPostgres` started. */
export function postgresUrl(server: Pick<Server, 'host' | 'port'>): string {
  return `postgres://postgres@${server.host}:${server.port}/postgres`;
}

/** One PostgreSQL for all tests that do not break it; tests use schemas or queue names of their own. */
export const sharedPostgres = (): SharedServer => sharedServer('postgres');

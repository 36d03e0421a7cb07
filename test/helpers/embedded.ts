import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '../../src/queue/store/embedded/shared-databases.ts';
import { temporaryDirectory } from './servers.ts';

const prepared = new Map<string, Promise<string>>();

/**
 * Returns a directory with a closed database in which this SQL has run. Copies a prepared directory, which takes a
 * fifth of the CPU time of a first start.
 */
export async function preparedDirectory(sql = 'SELECT 1'): Promise<string> {
  const original = prepared.get(sql) ?? prepare(sql);
  prepared.set(sql, original);
  const directory = temporaryDirectory('prepared');
  cpSync(await original, directory, { recursive: true });
  return directory;
}

async function prepare(sql: string): Promise<string> {
  const directory = temporaryDirectory('prepared');
  const pool = await openEmbeddedDatabase(directory);
  await pool.query(sql);
  await pool.close();
  return directory;
}

/** Returns the ID of the database process of an embedded store's directory. */
export function databaseProcess(directory: string): number {
  const { keeper } = JSON.parse(readFileSync(join(directory, 'lock'), 'utf8')) as { keeper: { pid: number } };
  return keeper.pid;
}

/** Kills the database process, like a crash or the kernel's out-of-memory killer. */
export function killDatabase(directory: string): void {
  process.kill(databaseProcess(directory), 'SIGKILL');
}

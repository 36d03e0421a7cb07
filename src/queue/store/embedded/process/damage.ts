import { existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { rename, rm, writeFile, access, constants, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Postgres } from './pglite.ts';
import { sync, syncDirectory } from './sync.ts';

/** SQLSTATE data_corrupted and index_corrupted (PostgreSQL, appendix A). */
const DAMAGE = new Set(['XX001', 'XX002']);

/** Bytes that must fit on the disk before a failure is blamed on the files. */
const PROBE_SIZE = 4 * 1024 * 1024;

/** Ends the process when a query finds damaged files; the next one sets them aside. */
export function reportDamage(postgres: Postgres, data: string): Postgres {
  return {
    ...postgres,
    async run(text, values) {
      const outcome = await postgres.run(text, values);
      const { error } = outcome;
      if (!error || !DAMAGE.has(String(error['code']))) return outcome;
      writeFileSync(noteOf(data), error.message);
      writeSync(process.stderr.fd, `the database is damaged: ${error.message}\n`);
      return process.exit(1);
    },
  };
}

/** Damage that need not be looked for: a query found it, or PGlite would take the directory for a new one. */
export function knownDamage(data: string): string | undefined {
  if (existsSync(noteOf(data))) return readFileSync(noteOf(data), 'utf8');
  return existsSync(join(data, 'PG_VERSION')) ? undefined : 'PG_VERSION is missing';
}

/** Gives damaged files a new name, for a person to look at; tells the name. */
export async function setAside(data: string): Promise<string> {
  const aside = `${data}.corrupt-${new Date().toISOString().replaceAll(':', '-')}`;
  await rename(data, aside);
  await syncDirectory(dirname(data));
  return aside;
}

/** Throws if the disk is full, or files cannot be read or written: then nothing says that they are damaged. */
export async function checkDisk(data: string): Promise<void> {
  for (const path of await readdir(data, { recursive: true })) {
    await access(join(data, path), constants.R_OK | constants.W_OK);
  }
  const probe = join(dirname(data), 'probe');
  try {
    await writeFile(probe, Buffer.alloc(PROBE_SIZE));
    await sync(probe);
  } finally {
    await rm(probe, { force: true });
  }
}

function noteOf(data: string): string {
  return join(data, 'damaged');
}

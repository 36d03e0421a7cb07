import { existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GiveUpError } from '../../../../base/errors.ts';
import type { Postgres } from './pglite.ts';

/** SQLSTATE data_corrupted and index_corrupted (PostgreSQL, appendix A). */
const DAMAGE = new Set(['XX001', 'XX002']);

/** Maximum number of damaged copies. If the files are damaged again, a person must check the machine. */
const MOST_COPIES = 3;

/** Ends the process when a query finds damaged files; the next process sets them aside. */
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

/** Returns damage that a query found, or that PGlite would ignore because it takes the directory for a new one. */
export function knownDamage(data: string): string | undefined {
  if (existsSync(noteOf(data))) return readFileSync(noteOf(data), 'utf8');
  return existsSync(join(data, 'PG_VERSION')) ? undefined : 'PG_VERSION is missing';
}

/** Throws if there are `MOST_COPIES` damaged copies, so that a defective disk is not filled with them. */
export async function checkCopies(data: string, damage: string): Promise<void> {
  const names = await readdir(dirname(data));
  if (names.filter((name) => name.startsWith(`${basename(data)}.corrupt-`)).length < MOST_COPIES) return;
  throw new GiveUpError(
    `${damage}; there are already ${MOST_COPIES} damaged copies of ${data}: check the disk, and move the copies away`,
  );
}

function noteOf(data: string): string {
  return join(data, 'damaged');
}

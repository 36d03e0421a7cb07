import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GiveUpError } from '../../../../base/errors.ts';

/** PostgreSQL's major version in today's PGlite. */
export const POSTGRES = '18';

/** The last PGlite of each version of PostgreSQL; today's is what package.json has. */
export const PGLITE: Readonly<Record<string, string>> = { 16: '0.2.17', 17: '0.4.6', 18: '0.5.16' };

/** Returns the major version of PostgreSQL that made a directory; undefined if it is today's, or unknown. */
export function otherVersion(data: string): string | undefined {
  const file = join(data, 'PG_VERSION');
  const [version] = (existsSync(file) && /^\d+/.exec(readFileSync(file, 'latin1'))) || [];
  return version === POSTGRES ? undefined : version;
}

/**
 * Finds the PGlite that can read a directory: beside the directory, where the error's command puts it, or as a dependency.
 *
 * @throws GiveUpError that says how to install it
 */
export function findPGlite(data: string, version: string): string {
  const name = `pglite-${version}`;
  try {
    return require.resolve(name, { paths: [data, __dirname] });
  } catch (cause) {
    const other = PGLITE[version];
    const remedy = other
      ? `to move its jobs, run: npm install --prefix ${dirname(data)} ${name}@npm:@electric-sql/pglite@${other}`
      : 'install the version of this package that made it';
    const reason = `PostgreSQL ${version} made ${data}, and this package has PostgreSQL ${POSTGRES}`;
    throw new GiveUpError(`${reason}: ${remedy}`, { cause });
  }
}

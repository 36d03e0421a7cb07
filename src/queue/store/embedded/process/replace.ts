import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SAVED_JOBS } from '../database-messages.ts';
import { GiveUpError } from '../../../../base/errors.ts';
import { blamesMachine } from './check-machine.ts';
import { createIfMissing } from './create.ts';
import { findPGlite, POSTGRES } from './postgres-version.ts';
import { saveJobs, type Saved } from './save-jobs.ts';
import { syncDirectory } from './sync.ts';

interface Replacement {
  data: string;
  /** Directory of an empty database. */
  spare: string;
  /** Called while it works. */
  onBusy: () => void;
}

/**
 * Sets a damaged directory aside, and puts one in its place with the jobs that can be read.
 *
 * @returns what a person has to know
 */
export async function replaceDamaged({
  damage,
  ...replacement
}: Replacement & { damage: string }): Promise<string> {
  const { data, spare, onBusy } = replacement;
  const pglite = require.resolve('@electric-sql/pglite');
  const saved = await saveJobs({ data, version: POSTGRES, pglite, target: spare, onBusy }).catch(
    (error: Error) => {
      // It is tried again when the machine has room.
      if (blamesMachine(error)) throw error;
      return error.message;
    },
  );
  const aside = await setAside(replacement, 'corrupt');
  const kept = `its files were kept as ${aside} (${damage})`;
  // What was read until then is added.
  const text = typeof saved === 'string' ? `reading its jobs failed: ${saved}` : savedText(saved);
  return `the embedded store was damaged: ${text}; ${kept}`;
}

/**
 * Sets the directory of another version of PostgreSQL aside, and puts one in its place with its jobs. They are read by the
 * PGlite of that version.
 *
 * @returns what a person has to know
 * @throws GiveUpError if that PGlite is missing, or cannot read the directory, which then stays in its place
 */
export async function replaceOther({
  version,
  ...replacement
}: Replacement & { version: string }): Promise<string> {
  const { data, spare, onBusy } = replacement;
  const pglite = findPGlite(data, version);
  // It may be from that version, too.
  await rm(spare, { recursive: true, force: true });
  await createIfMissing(spare);
  const saved = await saveJobs({ data, version, pglite, target: spare, onBusy }).catch((error: Error) => {
    if (blamesMachine(error)) throw error;
    const remedy = `to start without its jobs, move ${data} away`;
    throw new GiveUpError(
      `PostgreSQL ${version} made ${data}, but cannot read it: ${error.message}; ${remedy}`,
    );
  });
  const aside = await setAside(replacement, `postgres-${version}`);
  return `the embedded store was moved to PostgreSQL ${POSTGRES}: ${savedText(saved)}; its old files were kept as ${aside}`;
}

/** Ends a replacement that a crash has interrupted. */
export async function finishReplacement(data: string, spare: string): Promise<void> {
  if (existsSync(data) || !existsSync(join(spare, SAVED_JOBS))) return;
  await rename(spare, data);
  syncDirectory(dirname(data));
}

/** Renames the directory, replaces it by `spare`, and returns the new name. */
async function setAside({ data, spare }: Replacement, why: string): Promise<string> {
  const aside = `${data}.${why}-${new Date().toISOString().replaceAll(':', '-')}`;
  await rename(data, aside);
  await rename(spare, data);
  syncDirectory(dirname(data));
  return aside;
}

function savedText({ jobs, lostJobs, lostPages }: Saved): string {
  const lost = [
    ...(lostJobs > 0 ? [`${lostJobs} jobs`] : []),
    // The page does not tell how many it has.
    ...(lostPages > 0 ? [`those in ${lostPages} pages of 8 KiB`] : []),
  ];
  return `${jobs} jobs were saved, ${lost.join(' and ') || 'none'} could not be read`;
}

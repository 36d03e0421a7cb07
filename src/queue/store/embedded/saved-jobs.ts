import { createReadStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GiveUpError } from '../../../base/errors.ts';
import { importRows } from '../sql/transfer/import-rows.ts';
import { SAVED_JOBS } from './database-messages.ts';
import type { Client } from '../sql/transfer/tables.ts';

/**
 * Adds the jobs of `SAVED_JOBS`, and removes the file. If the process ends before, the next one adds them again, before
 * anybody uses the store.
 */
export async function addSavedJobs(
  directory: string,
  client: Client,
  onWarning: (text: string) => void,
): Promise<void> {
  const file = join(directory, 'data', SAVED_JOBS);
  if (!existsSync(file)) return;
  const problem = await add(file, client);
  if (problem === undefined) return rm(file);
  const kept = join(directory, `${new Date().toISOString().replaceAll(':', '-')}.${SAVED_JOBS}`);
  await rename(file, kept);
  onWarning(`not all saved jobs are in the embedded store (${problem}); they were kept as ${kept}`);
}

async function add(file: string, client: Client): Promise<string | undefined> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  try {
    const { refused, reason } = await importRows(client, lines, { running: 'run on' });
    return refused > 0 ? `${refused} rows were refused: ${reason}` : undefined;
  } catch (error) {
    if (error instanceof GiveUpError) return error.message;
    throw error;
  }
}

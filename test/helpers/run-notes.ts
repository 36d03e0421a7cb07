/** Notes from the processes of a run, shown at its end: skipped suites, and the duration of each file. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './servers.ts';

const VARIABLE = 'FP_TEST_NOTES';

export type Notes = 'left-out' | 'seconds';

/** Starts the notes of a run, for this process and its future child processes. */
export function beginNotes(): void {
  process.env[VARIABLE] = temporaryDirectory('notes');
}

export function note(notes: Notes, line: string): void {
  const directory = process.env[VARIABLE];
  if (directory !== undefined) appendFileSync(join(directory, notes), `${line}\n`);
}

/** Returns each line once. */
export function readNotes(notes: Notes): string[] {
  const file = join(process.env[VARIABLE] ?? '', notes);
  return existsSync(file) ? [...new Set(readFileSync(file, 'utf8').trim().split('\n'))] : [];
}

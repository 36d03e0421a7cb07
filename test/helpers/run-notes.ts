/** Notes that the processes of a run leave for its end: suites left out, and how long each file took. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './servers.ts';

const VARIABLE = 'FP_TEST_NOTES';

export type Notes = 'left-out' | 'seconds';

/** Begins the notes of a run: for this process and those that it starts from now on. */
export function beginNotes(): void {
  process.env[VARIABLE] = temporaryDirectory('notes');
}

export function note(notes: Notes, line: string): void {
  const directory = process.env[VARIABLE];
  if (directory !== undefined) appendFileSync(join(directory, notes), `${line}\n`);
}

/** Each line once. */
export function readNotes(notes: Notes): string[] {
  const file = join(process.env[VARIABLE] ?? '', notes);
  return existsSync(file) ? [...new Set(readFileSync(file, 'utf8').trim().split('\n'))] : [];
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './servers.ts';

/** One message of answers, and how much had been synced when it left. */
export interface AnswersLeft {
  answers: number;
  /** Syncs since the database was opened. */
  syncs: number;
  /** What of PostgreSQL's log was not on the disk. */
  unsynced: string[];
}

export interface Disk {
  /** What left the databases that were opened since `watchDisk`. */
  left(): AnswersLeft[];
  /** Lets their writes or syncs fail from now on, or no more. */
  fail(code?: 'ENOSPC' | 'EIO'): void;
  stop(): void;
}

/** Watches the disk of embedded databases that are opened from now on. */
export function watchDisk(): Disk {
  const directory = temporaryDirectory('disk');
  const [log, fault] = [join(directory, 'log'), join(directory, 'fault')];
  const preload = join(__dirname, '..', 'src', 'queue', 'store', 'embedded', 'watched-disk.js');
  const settings = { NODE_OPTIONS: `--require ${preload}`, NODE_FP_DISK_LOG: log, NODE_FP_DISK_FAULT: fault };
  writeFileSync(log, '');
  Object.assign(process.env, settings);
  return {
    left: () =>
      readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as AnswersLeft),
    fail: (code) => (code ? writeFileSync(fault, code) : rmSync(fault, { force: true })),
    stop() {
      for (const name of Object.keys(settings)) Reflect.deleteProperty(process.env, name);
    },
  };
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './servers.ts';

/** A message with answers, and the state of the disk when it was sent. */
export interface AnswersLeft {
  answers: number;
  /** Number of syncs since the database was opened. */
  syncs: number;
  /** Unsynced files of PostgreSQL's log. */
  unsynced: string[];
}

export interface Disk {
  /** Returns the messages of the databases opened since `watchDisk`. */
  left(): AnswersLeft[];
  /** Makes their writes or syncs fail from now on; without `code`, ends that. */
  fail(code?: 'ENOSPC' | 'EIO'): void;
  stop(): void;
}

/** Watches the disk of embedded databases opened from now on. */
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

import { fork } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAVED_JOBS } from '../database-messages.ts';
import type { SaverReport } from './saver.ts';

/** What was read from a directory, and what was not. */
export interface Saved {
  jobs: number;
  /** Jobs of which a part is damaged. */
  lostJobs: number;
  /** Pages of 8 KiB of the table of the jobs that are damaged; each had up to some dozens of jobs. */
  lostPages: number;
}

interface SaveOptions {
  /** Directory with the jobs, which stays as it is. */
  data: string;
  /** PostgreSQL's version of the directory. */
  version: string;
  /** Path of the PGlite of that version. */
  pglite: string;
  /** Directory of the empty database that gets them. */
  target: string;
  /** Called while it works. */
  onBusy: () => void;
}

const STEP = 10_000;
/** Milliseconds without a row after which the saver is ended. */
const LONGEST_SILENCE = 600_000;

/**
 * Writes the jobs of a directory to a file in `target`, from which the store adds them when it opens. They are read from a
 * copy, by a process of their own: reading damaged files may end it.
 */
export async function saveJobs({ data, version, pglite, target, onBusy }: SaveOptions): Promise<Saved> {
  const copy = `${data}.copy`;
  const timer = setInterval(onBusy, STEP);
  try {
    await rm(copy, { recursive: true, force: true });
    await copyDirectory(data, copy);
    // Without this file, PGlite would make a new database.
    const versionFile = join(copy, 'PG_VERSION');
    if (!existsSync(versionFile)) await writeFile(versionFile, `${version}\n`);
    return await runSaver([copy, pglite, join(target, SAVED_JOBS)]);
  } finally {
    clearInterval(timer);
    await rm(copy, { recursive: true, force: true });
  }
}

/** Copies a directory. `cp` of node:fs takes three times the processor time for hundreds of small files. */
async function copyDirectory(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if ((await stat(source)).isDirectory()) await copyDirectory(source, target);
    else await copyFile(source, target, constants.COPYFILE_FICLONE);
  }
}

function runSaver(given: string[]): Promise<Saved> {
  const child = fork(join(__dirname, 'saver.js'), given, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_SILENCE);
  let words = '';
  let last: SaverReport = {};
  child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)));
  child.on('message', (report: SaverReport) => {
    timer.refresh();
    last = report;
    // It may hang at its end, see `keepRunning`.
    if (report.saved || report.failure !== undefined) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    const end = (reason: string) => {
      clearTimeout(timer);
      if (last.saved) resolve(last.saved);
      else reject(new Error(last.failure ?? reason));
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) =>
      end(words.trim() || `reading ended with ${signal ?? `code ${code}`}`),
    );
  });
}

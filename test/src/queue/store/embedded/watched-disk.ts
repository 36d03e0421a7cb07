/**
 * Preloaded into the database process (NODE_OPTIONS=--require): records which files were not synced when an answer was
 * sent, and fails writes and syncs while a marker file exists.
 */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { dirname } from 'node:path';

const { NODE_FP_DISK_LOG: log = '', NODE_FP_DISK_FAULT: fault = '' } = process.env;

const paths = new Map<number, string>();
/** PostgreSQL's log files and their directories that changed since their last sync. */
const unsynced = new Set<string>();
let syncs = 0;

if (log && process.argv[1]?.endsWith('main.js')) watch();

function watch(): void {
  const { openSync, writeSync, fdatasyncSync, fsyncSync, renameSync } = fs;
  const { writeFile } = promises;

  fs.openSync = (path, flags, mode) => {
    const isNew = !fs.existsSync(path);
    const descriptor = openSync(path, flags, mode);
    paths.set(descriptor, String(path));
    if (isNew) change(dirname(String(path)));
    return descriptor;
  };
  fs.writeSync = ((descriptor: number, ...rest: [never]) => {
    const path = paths.get(descriptor);
    if (path === undefined) return writeSync(descriptor, ...rest);
    failIf('ENOSPC');
    change(path);
    return writeSync(descriptor, ...rest);
  }) as typeof writeSync;
  fs.fdatasyncSync = (descriptor) => {
    failIf('EIO');
    fdatasyncSync(descriptor);
    synced(descriptor);
  };
  fs.fsyncSync = (descriptor) => {
    fsyncSync(descriptor);
    synced(descriptor);
  };
  fs.renameSync = (from, to) => {
    renameSync(from, to);
    if (unsynced.delete(String(from))) unsynced.add(String(to));
    change(dirname(String(to)));
  };
  promises.writeFile = async (...parameters) => {
    failIf('ENOSPC');
    await writeFile(...parameters);
  };
  watchAnswers();
}

function watchAnswers(): void {
  const send = process.send?.bind(process);
  process.send = (message: { is: string; answers?: unknown[] }, ...rest: []) => {
    const line = { answers: message.answers?.length, syncs, unsynced: [...unsynced] };
    if (message.is === 'answers') fs.appendFileSync(log, `${JSON.stringify(line)}\n`);
    return send?.(message, ...rest) ?? false;
  };
}

function change(path: string): void {
  if (path.includes('pg_wal')) unsynced.add(path);
}

function synced(descriptor: number): void {
  syncs++;
  unsynced.delete(paths.get(descriptor) ?? '');
}

function failIf(code: string): void {
  if (!fs.existsSync(fault) || fs.readFileSync(fault, 'utf8') !== code) return;
  throw Object.assign(new Error(`${code}: as the test wants it`), { code, syscall: 'write' });
}

import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreLockedError } from '../../../../base/errors.ts';
import { isRunning, type ProcessMark } from './process-mark.ts';

/** The processes that use a directory: `keeper` is the database process, `owner` its parent. */
export interface LockHolder {
  keeper: ProcessMark;
  owner: ProcessMark;
}

export interface Lock {
  release(): void;
}

interface LockOptions {
  file: string;
  holder: LockHolder;
  /** Called when another process has taken the lock. */
  onLost: () => void;
  /** Milliseconds between two touches of the file; after three missed ones the holder counts as dead. */
  beat?: number;
}

/** Maximum milliseconds for a keeper to end after its owner was killed. */
const ORPHAN_TIME = 10_000;
/** Milliseconds for another process that creates the same file to write it. */
const SETTLE_TIME = 50;

/** Takes the lock, or takes it over from a dead process. @throws StoreLockedError, which names the holder */
export async function acquireLock({ file, holder, onLost, beat = 5000 }: LockOptions): Promise<Lock> {
  const mine = JSON.stringify(holder);
  while (!create(file, mine)) {
    const theirs = read(file);
    const other = parse(theirs);
    if (other && (await isHeld(file, other, beat))) throw lockedBy(other, file);
    // An empty file was just released or is being written, unless a crash left it empty.
    if (!other && (await isTouched(file, SETTLE_TIME))) continue;
    // Don't remove the file of another process that took over first.
    if (read(file) === theirs) rmSync(file, { force: true });
  }
  await sleep(SETTLE_TIME);
  if (read(file) !== mine) throw lockedBy(parse(read(file)), file);

  const timer = setInterval(() => (touch(file, mine) ? undefined : onLost()), beat);
  return {
    release() {
      clearInterval(timer);
      if (read(file) === mine) rmSync(file, { force: true });
    },
  };
}

async function isHeld(file: string, { keeper, owner }: LockHolder, beat: number): Promise<boolean> {
  const running = isRunning(keeper);
  if (running === undefined) return isTouched(file, 3 * beat);
  if (running && isRunning(owner) === false) return !(await untilGone(keeper));
  return running;
}

/** Tells whether the file is written or touched within `time`. */
function isTouched(file: string, time: number): Promise<boolean> {
  const before = modified(file);
  return comesTrue(() => modified(file) !== before, time);
}

function untilGone(keeper: ProcessMark): Promise<boolean> {
  return comesTrue(() => !isRunning(keeper), ORPHAN_TIME);
}

/**
 * Tells whether a condition becomes true within `time`. Counts looks instead of asking the clock: this process may have stood
 * still, and the other with it.
 */
async function comesTrue(condition: () => boolean, time: number): Promise<boolean> {
  for (let waited = 0; waited < time; waited += SETTLE_TIME) {
    await sleep(SETTLE_TIME);
    if (condition()) return true;
  }
  return false;
}

function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function touch(file: string, mine: string): boolean {
  if (read(file) !== mine) return false;
  const now = new Date();
  utimesSync(file, now, now);
  return true;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function modified(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function parse(text: string): LockHolder | undefined {
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return undefined;
  }
}

function lockedBy(holder: LockHolder | undefined, file: string): StoreLockedError {
  const who = holder ? `process ${holder.owner.pid} on ${holder.owner.host}` : 'another process';
  return new StoreLockedError(
    `the embedded store is in use by ${who}: stop it, or choose another directory. ` +
      `If no such process is running, delete ${file}`,
  );
}

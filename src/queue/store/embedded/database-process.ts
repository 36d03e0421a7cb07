import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { bareEnvironment } from '../../../base/bare-environment.ts';
import { GiveUpError, StoreLockedError, StoreUnavailableError } from '../../../base/errors.ts';
import { openDatabaseRpc } from './database-rpc.ts';
import type { Notification, Refusal, Report, ResultSet } from './database-messages.ts';
import { watch } from './watchdog.ts';

/** PostgreSQL on one directory, in a separate process. */
export interface DatabaseProcess {
  pid: number;
  /** Rejects with DatabaseError, or with StoreUnavailableError if the process ends before it answers. */
  query(session: number, text: string, values?: (string | null)[]): Promise<ResultSet[]>;
  /** Rolls back the session's open transaction. */
  endSession(session: number): void;
  /** Answers pending queries and ends the process, within `CLOSE_TIME`. */
  close(): Promise<void>;
}

export interface ProcessListeners {
  onNotification: (notification: Notification) => void;
  onWarning: (text: string) => void;
  /** The process has ended, unexpectedly or after `close`. */
  onEnd: (reason: string) => void;
  /** Milliseconds between two looks of the watchdog. */
  watchEvery?: number;
}

const CLOSE_TIME = 5000;
/** Milliseconds until the process is open, or says that it is busy. */
const OPEN_TIME = 120_000;

/**
 * Saves memory. V8 needs up to 600 MB temporarily, and 60 MB permanently, to optimize PostgreSQL's WebAssembly, which
 * is then only 20 % faster. Short-lived garbage does not need a large heap.
 */
export const NODE_ARGUMENTS = [
  '--liftoff-only',
  '--max-semi-space-size=1',
  '--v8-pool-size=1',
  // Starts faster: PostgreSQL has 13,000 functions, and needs few of them.
  '--wasm-lazy-validation',
];

/** Saves memory: glibc returns free memory at the end of its heap to the system. */
const GLIBC = { MALLOC_TRIM_THRESHOLD_: '131072' };

/**
 * Resolves when the database is open. `giveUp` aborts the start.
 *
 * Rejects with StoreLockedError, GiveUpError or StoreUnavailableError after the process has ended.
 */
export async function startDatabaseProcess(
  directory: string,
  listeners: ProcessListeners,
  giveUp: AbortSignal,
): Promise<DatabaseProcess> {
  const child = fork(join(__dirname, 'process', 'main.js'), [directory], {
    execArgv: NODE_ARGUMENTS,
    env: { ...GLIBC, ...bareEnvironment() },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lastWords = listen(child);
  const ended = whenEnded(child, lastWords);
  const rpc = openDatabaseRpc(child, listeners.onNotification);
  await untilOpened(child, ended, { ...listeners, giveUp });
  let trouble: string | undefined;
  const onSilence = () => {
    trouble = 'it was asked and gave no answer';
    child.kill('SIGKILL');
  };
  const unwatch = watch(rpc, onSilence, listeners.watchEvery);
  const onEnded = (reason: string) => {
    unwatch();
    rpc.end(trouble ?? reason);
    listeners.onEnd(trouble ?? reason);
  };
  void ended.then(onEnded);
  return {
    pid: child.pid ?? 0,
    query: (...query) => rpc.query(...query),
    endSession: (session) => rpc.send({ do: 'end session', session }),
    async close() {
      rpc.send({ do: 'close' });
      const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIME);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function untilOpened(
  child: ChildProcess,
  ended: Promise<string>,
  { onWarning, giveUp }: ProcessListeners & { giveUp: AbortSignal },
): Promise<void> {
  let refusal: Refusal | undefined;
  const kill = () => child.kill('SIGKILL');
  const timer = setTimeout(kill, OPEN_TIME);
  const opened = new Promise<true>((resolve) => {
    child.on('message', (report: Report) => {
      timer.refresh();
      if (report.is === 'warning') onWarning(report.text);
      if (report.is === 'opened') resolve(true);
      if (report.is === 'refused') {
        refusal = report.refusal;
        // It has released the directory, and may hang at its end, see `keepRunning`.
        kill();
      }
    });
  });
  giveUp.addEventListener('abort', kill);
  const outcome = await Promise.race([opened, ended]);
  clearTimeout(timer);
  giveUp.removeEventListener('abort', kill);
  if (outcome !== true) throw refusal ? refused(refusal) : new StoreUnavailableError(outcome);
}

function refused({ kind, message }: Refusal): Error {
  if (kind === 'locked') return new StoreLockedError(message);
  if (kind === 'give up') return new GiveUpError(`the embedded store cannot be opened: ${message}`);
  return new StoreUnavailableError(message);
}

/** Returns a function that returns the last lines of stderr. */
function listen(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000)));
  return () => text.trim();
}

function whenEnded(child: ChildProcess, lastWords: () => string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(lastWords() || `the process ended with ${signal ?? `code ${code}`}`),
    );
  });
}

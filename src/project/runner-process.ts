import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { PipelineError } from '../base/errors.ts';
import { settledWithin } from '../base/settled-within.ts';
import { logLines } from './log-lines.ts';
import { megabytesOf, watchMemory } from './memory-watch.ts';
import type { RunHooks } from './pipeline-run.ts';

/** Options of a process that runs pipelines. */
export interface RunnerProcessOptions {
  /** Leads its own process group, so that its children are ended, too. Its output is the log of the current run. */
  child: ChildProcess;
  language: 'Python' | 'JavaScript';
  /** Maximum memory of its pipelines in megabytes. */
  memory: number;
  /** Megabytes that it needs in addition. Default: 0. */
  overhead?: number;
}

/** Sends a request to the process, and passes the answer to `resolve`. */
export type Ask<T> = (resolve: (answer: T) => void) => void;

/** Maximum milliseconds until a process is ready. */
const START_TIME = 60_000;
/** Milliseconds between SIGINT and SIGKILL, in which a pipeline can clean up. */
const GRACE = 1000;
/** Milliseconds to read the last output of a process that has ended. */
const LAST_WORDS_TIME = 500;
/** Characters of stderr that are kept; Node.js's report about a full heap must fit. */
const LAST_WORDS = 8000;
const LAST_LINES = 5;
/** The part of its memory above which a process is replaced after a run, so that the next run has room. */
const FULL = 0.75;

/** Controls a process that runs one pipeline at a time: its start, log, limits and end. */
export class RunnerProcess {
  readonly #options: RunnerProcessOptions;
  /** Resolves when the process and its children have ended. */
  readonly #ended: Promise<void>;
  #isAlive = true;
  #log = logLines(undefined);
  #lastWords = '';
  #reject: ((error: Error) => void) | undefined;
  /** Reason for ending the process during a run. */
  #reason: Error | undefined;
  /** Set when the process has ended: the error of every further request. */
  #failure: Error | undefined;

  constructor(options: RunnerProcessOptions) {
    this.#options = options;
    this.#ended = this.#untilEnd();
    const { stdout, stderr } = options.child;
    stdout?.setEncoding('utf8').on('data', (text: string) => this.#log.add(text));
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log.add(text);
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Returns the first answer. Rejects if the process ends first, after 60 seconds, or with the signal's reason. */
  async start<T>(ask: Ask<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const timer = setTimeout(
      () => this.stop(new Error(`not ready after ${START_TIME / 1000} s`)),
      START_TIME,
    );
    const abort = () => this.stop(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await this.#answer(ask);
    } finally {
      signal.removeEventListener('abort', abort);
      clearTimeout(timer);
    }
  }

  /**
   * Requests a run with `ask` and returns its answer. Rejects if the process ends first. `onAbort` must end the run.
   */
  async run<T>(ask: Ask<T>, { signal, onStart, onLog }: RunHooks, onAbort: () => void): Promise<T> {
    signal.throwIfAborted();
    this.#log = logLines(onLog);
    this.#lastWords = '';
    signal.addEventListener('abort', onAbort, { once: true });
    const { memory, overhead = 0, child } = this.#options;
    const [pid, most] = [child.pid ?? 0, memory + overhead];
    const endWatch = watchMemory(pid, most, (used) => this.stop(this.#tooLarge(`used ${used} MB`)));
    try {
      onStart?.();
      const answer = await this.#answer(ask);
      // Output written before the answer arrives through other pipes: let it be read first.
      await new Promise(setImmediate);
      return answer;
    } finally {
      endWatch();
      signal.removeEventListener('abort', onAbort);
      this.#log.end();
      this.#log = logLines(undefined);
      if (megabytesOf(pid) > most * FULL) await this.end();
    }
  }

  /** Ends the process during a run, which rejects with `reason`. */
  stop(reason: Error): void {
    this.#reason ??= reason;
    void this.end();
  }

  /** Ends the process and its children. */
  async end(): Promise<void> {
    this.#signal('SIGINT');
    const timer = setTimeout(() => this.#signal('SIGKILL'), GRACE);
    await this.#ended;
    clearTimeout(timer);
  }

  async #answer<T>(ask: Ask<T>): Promise<T> {
    if (this.#failure) throw this.#failure;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#reject = reject;
        ask(resolve);
      });
    } finally {
      this.#reject = undefined;
    }
  }

  /** Signals the process group; its id is only valid while the process runs. */
  #signal(name: NodeJS.Signals): void {
    const { pid } = this.#options.child;
    if (pid === undefined || !this.#isAlive) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      // The process has ended.
    }
  }

  async #untilEnd(): Promise<void> {
    const { child } = this.#options;
    const isClosed = new Promise((resolve) => child.once('close', resolve));
    const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const how = await exit.then(
      ([code, signal]) => signal ?? `code ${code}`,
      (error: Error) => error,
    );
    // Child processes may still run.
    this.#signal('SIGKILL');
    this.#isAlive = false;
    await settledWithin(LAST_WORDS_TIME, isClosed);
    this.#failure = this.#reason ?? (how instanceof Error ? how : this.#endedWith(how));
    this.#reject?.(this.#failure);
  }

  #endedWith(how: string): PipelineError {
    // V8 ends the process when its heap is full.
    if (this.#lastWords.includes('heap out of memory')) return this.#tooLarge('ran out of memory');
    const output = this.#lastWords.trim().split('\n').slice(-LAST_LINES).join('\n');
    const detail = output === '' ? '' : `: ${output}`;
    return new PipelineError(
      'ProcessEnded',
      `the ${this.#options.language} process ended with ${how}${detail}`,
    );
  }

  #tooLarge(what: string): PipelineError {
    const { language, memory } = this.#options;
    return new PipelineError('MemoryError', `the ${language} process ${what}, the limit is ${memory} MB`);
  }
}

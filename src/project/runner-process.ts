import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { PipelineError } from '../errors.ts';
import { settledWithin } from '../settled-within.ts';
import { logLines } from './log-lines.ts';
import { megabytesOf, watchMemory } from './memory-watch.ts';
import type { RunHooks } from './pipeline-run.ts';

/** What is to be known of a process that runs pipelines. */
export interface RunnerProcessOptions {
  /** In a group of its own: what a pipeline starts ends with it. What it writes to its output is the log of its run. */
  child: ChildProcess;
  language: 'Python' | 'JavaScript';
  /** Megabytes that its pipelines may hold. */
  memory: number;
  /** Megabytes that it may hold beside them. */
  beside?: number;
}

/** Asks the process for something, and hands what it answers to `resolve`. */
export type Ask<T> = (resolve: (answer: T) => void) => void;

/** Milliseconds that a process has to say that it is ready. */
const START_TIME = 60_000;
/** Milliseconds between SIGINT, after which a pipeline can clean up, and SIGKILL. */
const GRACE = 1000;
/** Milliseconds to read what a process wrote before it ended. */
const LAST_WORDS_TIME = 500;
/** Characters of what it wrote to stderr that are kept; Node's report of a full heap has to fit. */
const LAST_WORDS = 8000;
const LAST_LINES = 5;
/** The part of its memory above which a process is replaced after a run, so that the next run has room. */
const FULL = 0.75;

/** A process that runs pipelines, one at a time: its start, its log, its bounds and its end. */
export class RunnerProcess {
  readonly #options: RunnerProcessOptions;
  /** Resolves when nothing of it is left. */
  readonly #ended: Promise<void>;
  #isAlive = true;
  #log = logLines(undefined);
  #lastWords = '';
  #reject: ((error: Error) => void) | undefined;
  /** Why it is ended in the middle of what it does. */
  #reason: Error | undefined;
  /** Why there are no more answers. */
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

  /** What it says first; rejects when it ends before that, takes too long, or with the signal's reason after an abort. */
  async start<T>(ask: Ask<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const timer = setTimeout(() => this.stop(new Error(`not started in ${START_TIME / 1000} s`)), START_TIME);
    const abort = () => this.stop(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await this.#answer(ask);
    } finally {
      signal.removeEventListener('abort', abort);
      clearTimeout(timer);
    }
  }

  /** One run, as `ask` asks for it; rejects when the process ends first. `onAbort` has to end the run. */
  async run<T>(ask: Ask<T>, { signal, onStart, onLog }: RunHooks, onAbort: () => void): Promise<T> {
    signal.throwIfAborted();
    this.#log = logLines(onLog);
    this.#lastWords = '';
    signal.addEventListener('abort', onAbort, { once: true });
    const { memory, beside = 0, child } = this.#options;
    const [pid, most] = [child.pid ?? 0, memory + beside];
    const endWatch = watchMemory(pid, most, (held) => this.stop(this.#tooLarge(`held ${held} MB`)));
    try {
      onStart?.();
      const answer = await this.#answer(ask);
      // What it printed came before its answer, but through other pipes.
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

  /** Ends it in the middle of what it does, which rejects with `reason`. */
  stop(reason: Error): void {
    this.#reason ??= reason;
    void this.end();
  }

  /** Ends the process and all that it started. */
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

  /** To its group, which has the process's id only as long as the process runs. */
  #signal(name: NodeJS.Signals): void {
    const { pid } = this.#options.child;
    if (pid === undefined || !this.#isAlive) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      // It has ended.
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
    // What it started may outlive it.
    this.#signal('SIGKILL');
    this.#isAlive = false;
    await settledWithin(LAST_WORDS_TIME, isClosed);
    this.#failure = this.#reason ?? (how instanceof Error ? how : this.#endedWith(how));
    this.#reject?.(this.#failure);
  }

  #endedWith(how: string): PipelineError {
    // V8 ends a process that its heap does not suffice for.
    if (this.#lastWords.includes('heap out of memory')) return this.#tooLarge('wanted more memory');
    const words = this.#lastWords.trim().split('\n').slice(-LAST_LINES).join('\n');
    const said = words === '' ? '' : `: ${words}`;
    return new PipelineError(
      'ProcessEnded',
      `the ${this.#options.language} process ended with ${how}${said}`,
    );
  }

  #tooLarge(what: string): PipelineError {
    const { language, memory } = this.#options;
    const words = `the ${language} process ${what}, at most ${memory} MB are allowed`;
    return new PipelineError('MemoryError', words);
  }
}

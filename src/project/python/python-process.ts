import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { PipelineError } from '../../errors.ts';
import { settledWithin } from '../../settled-within.ts';
import { logLines } from '../log-lines.ts';
import type { RunHooks } from '../pipeline-run.ts';
import { decodeAnswer } from './encoding.ts';
import { megabytesOf, watchMemory } from './memory-watch.ts';

interface Answer {
  result?: unknown;
  /** A sentence on each thing that the result lost on its way. */
  notes?: string[];
  error?: { kind: string; message: string; traceback: string };
}

/** Who waits for the runner's next line. */
interface Asker {
  resolve: (line: string) => void;
  reject: (error: Error) => void;
}

/** Milliseconds between SIGINT, after which Python code can clean up, and SIGKILL. */
const GRACE = 1000;
/** Milliseconds to read what a process wrote before it ended. */
const LAST_WORDS_TIME = 500;
/** Of what it wrote to stderr, for the error. */
const LAST_WORDS = 1000;
const LAST_LINES = 5;

/** A Python process that runs `flowerpower_runner.py`: one run at a time. */
export class PythonProcess {
  readonly #child: ChildProcess;
  /** Megabytes that it may hold. */
  readonly #memory: number;
  /** Resolves when nothing of it is left. */
  readonly #ended: Promise<void>;
  #isAlive = true;
  #log = logLines(undefined);
  #lastWords = '';
  #asker: Asker | undefined;
  /** Why it is ended in the middle of what it does. */
  #reason: Error | undefined;
  /** Why there are no more answers. */
  #failure: Error | undefined;

  constructor(child: ChildProcess, memory: number) {
    this.#child = child;
    this.#memory = memory;
    this.#ended = this.#untilEnd();
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#log.add(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log.add(text);
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    (child.stdio[3] as Writable).on('error', () => undefined);
    createInterface({ input: child.stdio[4] as Readable }).on('line', (line) => this.#asker?.resolve(line));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The next line that the runner writes; rejects when the process ends first. */
  async answer(): Promise<string> {
    if (this.#failure) throw this.#failure;
    try {
      return await new Promise((resolve, reject) => {
        this.#asker = { resolve, reject };
      });
    } finally {
      this.#asker = undefined;
    }
  }

  /** Sends a request and resolves to the pipeline's result; after an abort it rejects when the process is gone. */
  async run(request: string, { signal, onStart, onLog }: RunHooks): Promise<unknown> {
    signal.throwIfAborted();
    this.#log = logLines(onLog);
    this.#lastWords = '';
    const abort = () => this.stop(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    const pid = this.#child.pid ?? 0;
    const endWatch = watchMemory(pid, this.#memory, (held) => this.stop(this.#tooLarge(held)));
    try {
      onStart?.();
      const answered = this.answer();
      (this.#child.stdio[3] as Writable).write(`${request}\n`);
      const line = await answered;
      // What it printed came before its answer, but through other pipes.
      await new Promise(setImmediate);
      return resultOf(decodeAnswer(line) as Answer, onLog);
    } finally {
      endWatch();
      signal.removeEventListener('abort', abort);
      this.#log.end();
      this.#log = logLines(undefined);
      if (megabytesOf(pid) > this.#memory) await this.end();
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

  #tooLarge(held: number): PipelineError {
    const words = `the Python process held ${held} MB, at most ${this.#memory} MB are allowed`;
    return new PipelineError('MemoryError', words);
  }

  /** To its group, which has the process's id only as long as the process runs. */
  #signal(name: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || !this.#isAlive) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      // It has ended.
    }
  }

  async #untilEnd(): Promise<void> {
    const isClosed = new Promise((resolve) => this.#child.once('close', resolve));
    const exit = once(this.#child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const how = await exit.then(
      ([code, signal]) => signal ?? `code ${code}`,
      (error: Error) => error,
    );
    // What it started may outlive it.
    this.#signal('SIGKILL');
    this.#isAlive = false;
    await settledWithin(LAST_WORDS_TIME, isClosed);
    this.#failure = this.#reason ?? (how instanceof Error ? how : this.#endedWith(how));
    this.#asker?.reject(this.#failure);
  }

  #endedWith(how: string): PipelineError {
    const words = this.#lastWords.trim().split('\n').slice(-LAST_LINES).join('\n');
    const said = words === '' ? '' : `: ${words}`;
    return new PipelineError('ProcessEnded', `the Python process ended with ${how}${said}`);
  }
}

function resultOf({ result, notes = [], error }: Answer, onLog: RunHooks['onLog']): unknown {
  if (error) throw new PipelineError(error.kind, error.message, error.traceback);
  for (const note of notes) onLog?.(note);
  return result;
}

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { PipelineError, RunnerUnavailableError } from '../../errors.ts';
import { logLines } from '../log-lines.ts';
import type { PythonVersions } from '../project.ts';
import { decodeAnswer } from './encoding.ts';
import { environment, interpreterOf } from './interpreter.ts';
import { megabytesOf, watchMemory } from './memory-watch.ts';

export interface PythonOptions {
  base_dir: string;
  python: string;
  /** Megabytes that the process may hold. */
  memory: number;
  log_level: string;
}

/** What a run in a process needs. */
export interface Running {
  signal: AbortSignal;
  onLog?: ((line: string) => void) | undefined;
}

interface Answer {
  result?: unknown;
  /** A sentence on each thing that the result lost on its way. */
  notes?: string[];
  error?: { kind: string; message: string; traceback: string };
}

interface Hello extends PythonVersions {
  missing?: string;
}

const RUNNER = join(__dirname, 'flowerpower_runner.py');
const START_TIME = 60_000;
/** Milliseconds between SIGINT, after which Python code can clean up, and SIGKILL. */
const GRACE = 1000;

/** Starts a process; rejects with RunnerUnavailableError that says how to mend it. */
export async function startPythonProcess(options: PythonOptions): Promise<PythonProcess> {
  const executable = interpreterOf(options.python);
  const child = spawn(executable, [RUNNER, options.base_dir, options.log_level], {
    cwd: options.base_dir,
    env: environment(),
    // A group of its own: what a pipeline starts ends with it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const started = new PythonProcess(child, options);
  const timer = setTimeout(() => void started.end(), START_TIME);
  try {
    started.versions = checked(decodeAnswer(await started.answer()) as Hello);
    return started;
  } catch (error) {
    await started.end();
    throw unavailable(executable, error as Error);
  } finally {
    clearTimeout(timer);
  }
}

function checked({ missing, ...versions }: Hello): PythonVersions {
  if (missing === undefined) return versions;
  const install = `"${versions.executable}" -m pip install flowerpower`;
  throw new RunnerUnavailableError(
    `FlowerPower is missing in Python ${versions.python} (${missing}); install it with: ${install}`,
  );
}

function unavailable(executable: string, error: Error): RunnerUnavailableError {
  if (error instanceof RunnerUnavailableError) return error;
  return new RunnerUnavailableError(
    `Python cannot be started as "${executable}" (${error.message}): ` +
      'install Python 3, or give the project the path of an interpreter or of a virtual environment',
  );
}

/** A Python process with FlowerPower in it: one run at a time. */
export class PythonProcess {
  versions: PythonVersions = { executable: '', python: '', flowerpower: '' };
  readonly #child: ChildProcess;
  readonly #options: PythonOptions;
  /** Resolves to what is known about the end. */
  readonly #ended: Promise<string>;
  #isAlive = true;
  #log = logLines(undefined);
  #onAnswer: ((line: string) => void) | undefined;
  /** Why it was ended in the middle of a run. */
  #reason: Error | undefined;

  constructor(child: ChildProcess, options: PythonOptions) {
    this.#child = child;
    this.#options = options;
    this.#ended = this.#untilEnd();
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#log.add(chunk.toString()));
    }
    (child.stdio[3] as Writable).on('error', () => undefined);
    createInterface({ input: child.stdio[4] as Readable }).on('line', (line) => this.#onAnswer?.(line));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The next line that the runner writes; rejects when the process ends first. */
  answer(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#onAnswer = resolve;
      void this.#ended.then((words) => reject(this.#reason ?? new PipelineError('ProcessEnded', words)));
    });
  }

  /** Sends a request and resolves to the pipeline's result; after an abort it rejects when the process is gone. */
  async run(request: string, { signal, onLog }: Running): Promise<unknown> {
    signal.throwIfAborted();
    this.#log = logLines(onLog);
    const abort = () => this.#stop(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    const pid = this.#child.pid ?? 0;
    const endWatch = watchMemory(pid, this.#options.memory, (held) => this.#stop(this.#tooLarge(held)));
    try {
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
      if (megabytesOf(pid) > this.#options.memory) await this.end();
    }
  }

  /** Ends the process and all that it started. */
  async end(): Promise<void> {
    this.#signal('SIGINT');
    const timer = setTimeout(() => this.#signal('SIGKILL'), GRACE);
    await this.#ended;
    clearTimeout(timer);
    this.#signal('SIGKILL');
  }

  #stop(reason: Error): void {
    this.#reason ??= reason;
    void this.end();
  }

  #tooLarge(held: number): PipelineError {
    const bound = `at most ${this.#options.memory} MB are allowed`;
    return new PipelineError('MemoryError', `the Python process held ${held} MB, ${bound}`);
  }

  #signal(name: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      // The group, which may outlive its first process.
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      // It has ended.
    }
  }

  #untilEnd(): Promise<string> {
    return new Promise((resolve) => {
      const end = (words: string) => {
        this.#isAlive = false;
        resolve(words);
      };
      this.#child.once('error', ({ message }) => end(message));
      this.#child.once('exit', (code, signal) =>
        end(`the Python process ended with ${signal ?? `code ${code}`}`),
      );
    });
  }
}

function resultOf({ result, notes = [], error }: Answer, onLog: Running['onLog']): unknown {
  if (error) throw new PipelineError(error.kind, error.message, error.traceback);
  for (const note of notes) onLog?.(note);
  return result;
}

import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { PipelineError } from '../../base/errors.ts';
import type { RunHooks } from '../pipeline-run.ts';
import { RunnerProcess } from '../runner-process.ts';
import { decodeAnswer } from './encoding.ts';

interface Answer {
  result?: unknown;
  /** Sentences about data lost in the conversion of the result. */
  notes?: string[];
  error?: { kind: string; message: string; traceback: string };
}

/** A Python process that executes `flowerpower_runner.py`: requests go to descriptor 3, answers come from 4. */
export class PythonProcess {
  readonly #child: ChildProcess;
  readonly #runner: RunnerProcess;
  #onLine: ((line: string) => void) | undefined;

  constructor(child: ChildProcess, memory: number) {
    this.#child = child;
    this.#runner = new RunnerProcess({ child, language: 'Python', memory });
    (child.stdio[3] as Writable).on('error', () => undefined);
    createInterface({ input: child.stdio[4] as Readable }).on('line', (line) => this.#onLine?.(line));
  }

  get isAlive(): boolean {
    return this.#runner.isAlive;
  }

  /** Returns the runner's first line. */
  hello(signal: AbortSignal): Promise<string> {
    return this.#runner.start((resolve) => (this.#onLine = resolve), signal);
  }

  /** Sends a request and resolves with the pipeline's result. After an abort, rejects when the process has ended. */
  async run(request: string, hooks: RunHooks): Promise<unknown> {
    const ask = (resolve: (line: string) => void) => {
      this.#onLine = resolve;
      (this.#child.stdio[3] as Writable).write(`${request}\n`);
    };
    const onAbort = () => this.#runner.stop(hooks.signal.reason as Error);
    return resultOf(decodeAnswer(await this.#runner.run(ask, hooks, onAbort)) as Answer, hooks.onLog);
  }

  /** Ends the process and its children. */
  end(): Promise<void> {
    return this.#runner.end();
  }
}

function resultOf({ result, notes = [], error }: Answer, onLog: RunHooks['onLog']): unknown {
  if (error) throw new PipelineError(error.kind, error.message, error.traceback);
  for (const note of notes) onLog?.(note);
  return result;
}

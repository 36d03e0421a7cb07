import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { PipelineError } from '../../errors.ts';
import type { RunHooks } from '../pipeline-run.ts';
import { RunnerProcess } from '../runner-process.ts';
import { decodeAnswer } from './encoding.ts';

interface Answer {
  result?: unknown;
  /** A sentence on each thing that the result lost on its way. */
  notes?: string[];
  error?: { kind: string; message: string; traceback: string };
}

/** A Python process that runs `flowerpower_runner.py`: it is asked on descriptor 3, and answers on 4. */
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

  /** The first line that the runner writes. */
  hello(signal: AbortSignal): Promise<string> {
    return this.#runner.start((resolve) => (this.#onLine = resolve), signal);
  }

  /** Sends a request and resolves to the pipeline's result; after an abort it rejects when the process is gone. */
  async run(request: string, hooks: RunHooks): Promise<unknown> {
    const ask = (resolve: (line: string) => void) => {
      this.#onLine = resolve;
      (this.#child.stdio[3] as Writable).write(`${request}\n`);
    };
    const onAbort = () => this.#runner.stop(hooks.signal.reason as Error);
    return resultOf(decodeAnswer(await this.#runner.run(ask, hooks, onAbort)) as Answer, hooks.onLog);
  }

  /** Ends the process and all that it started. */
  end(): Promise<void> {
    return this.#runner.end();
  }
}

function resultOf({ result, notes = [], error }: Answer, onLog: RunHooks['onLog']): unknown {
  if (error) throw new PipelineError(error.kind, error.message, error.traceback);
  for (const note of notes) onLog?.(note);
  return result;
}

import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { environment } from '../environment.ts';
import type { RunHooks } from '../pipeline-run.ts';
import { RunnerProcess } from '../runner-process.ts';
import type { Command, Outcome, Report, Task } from './pipeline-messages.ts';
import { afterReading } from '../../base/after-reading.ts';

/** Milliseconds between the abort of a pipeline and the end of its process. */
const GRACE = 1000;
/** Megabytes that Node.js needs outside the heap. */
const NODE_OVERHEAD = 128;

/**
 * Starts a process with a heap of `memory` megabytes. A thread would not do: V8 ends the whole process when one array
 * or Map of a pipeline grows too large.
 */
export async function startJavaScript(memory: number, signal: AbortSignal): Promise<PipelineProcess> {
  signal.throwIfAborted();
  const started = new PipelineProcess(forkProcess(memory), memory);
  try {
    await started.untilReady(signal);
    return started;
  } catch (error) {
    await started.end();
    throw error;
  }
}

function forkProcess(memory: number): ChildProcess {
  return fork(join(__dirname, 'run-in-process.js'), {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${memory}`],
    env: environment(),
    // A separate process group, so that a pipeline's child processes are ended, too.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** A process that executes `run-in-process.js`, one run at a time. */
export class PipelineProcess {
  readonly #child: ChildProcess;
  readonly #runner: RunnerProcess;
  #onReport: ((report: Report) => void) | undefined;

  constructor(child: ChildProcess, memory: number) {
    this.#child = child;
    this.#runner = new RunnerProcess({ child, language: 'JavaScript', memory, overhead: NODE_OVERHEAD });
    child.on('message', (report: Report) => this.#onReport?.(report));
  }

  get isAlive(): boolean {
    return this.#runner.isAlive;
  }

  /** Resolves when the process is ready for its first run. */
  untilReady(signal: AbortSignal): Promise<unknown> {
    return this.#runner.start((resolve) => (this.#onReport = resolve), signal);
  }

  /** Runs a pipeline. After an abort, the pipeline has a second to return before its process is ended. */
  async run(task: Task, hooks: RunHooks): Promise<Outcome> {
    const { signal, onLog, onProgress } = hooks;
    let keepProcess = () => undefined as void;
    const onAbort = () => {
      this.#send({ abort: String(signal.reason) });
      keepProcess = afterReading(GRACE, () => this.#runner.stop(signal.reason as Error));
    };
    const ask = (resolve: (outcome: Outcome) => void) => {
      this.#onReport = (report) => {
        if ('ended' in report) {
          keepProcess();
          resolve(report.ended);
        } else if ('log' in report) onLog?.(report.log);
        else if ('progress' in report) onProgress?.(report.progress);
      };
      this.#send({ run: task });
    };
    try {
      return await this.#runner.run(ask, hooks, onAbort);
    } finally {
      keepProcess();
    }
  }

  /** Ends the process and its children. */
  end(): Promise<void> {
    return this.#runner.end();
  }

  #send(command: Command): void {
    // Ignore errors: the end of the process ends the run.
    this.#child.send(command, () => undefined);
  }
}

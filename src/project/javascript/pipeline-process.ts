import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { environment } from '../environment.ts';
import type { RunHooks } from '../pipeline-run.ts';
import { RunnerProcess } from '../runner-process.ts';
import type { Outcome, Report, Task, Told } from './messages.ts';

/** Milliseconds between the abort that a pipeline is told of and the end of its process. */
const GRACE = 1000;
/** Megabytes that Node itself takes, beside the heap of the pipelines. */
const NODE_ITSELF = 128;

/**
 * Starts a process, with a heap of `memory` megabytes. It is no thread of Node-RED's process, which V8 would end as a
 * whole when one array or Map of a pipeline grows too large.
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
    // A group of its own: what a pipeline starts ends with it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** A process that runs `run-in-process.js`: one run at a time. */
export class PipelineProcess {
  readonly #child: ChildProcess;
  readonly #runner: RunnerProcess;
  #onReport: ((report: Report) => void) | undefined;

  constructor(child: ChildProcess, memory: number) {
    this.#child = child;
    this.#runner = new RunnerProcess({ child, language: 'JavaScript', memory, beside: NODE_ITSELF });
    child.on('message', (report: Report) => this.#onReport?.(report));
  }

  get isAlive(): boolean {
    return this.#runner.isAlive;
  }

  /** Resolves when it waits for its first run. */
  untilReady(signal: AbortSignal): Promise<unknown> {
    return this.#runner.start((resolve) => (this.#onReport = resolve), signal);
  }

  /** Runs a pipeline; after an abort it has a second to end by itself. */
  async run(task: Task, hooks: RunHooks): Promise<Outcome> {
    const { signal, onLog, onProgress } = hooks;
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      this.#tell({ abort: String(signal.reason) });
      timer = setTimeout(() => this.#runner.stop(signal.reason as Error), GRACE);
    };
    const ask = (resolve: (outcome: Outcome) => void) => {
      this.#onReport = (report) => {
        if ('ended' in report) resolve(report.ended);
        else if ('log' in report) onLog?.(report.log);
        else if ('progress' in report) onProgress?.(report.progress);
      };
      this.#tell({ run: task });
    };
    try {
      return await this.#runner.run(ask, hooks, onAbort);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process and all that it started. */
  end(): Promise<void> {
    return this.#runner.end();
  }

  #tell(told: Told): void {
    // If this fails, the process has ended, and that ends the run.
    this.#child.send(told, () => undefined);
  }
}

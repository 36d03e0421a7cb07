import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { PipelineError } from '../../errors.ts';
import { loadLibrary } from '../../load-library.ts';
import { environment } from '../environment.ts';
import type { PipelineRun } from '../pipeline-run.ts';
import type { ThreadOutcome, ThreadReport, ThreadTask } from './messages.ts';

/** Milliseconds between the abort that a pipeline is told of and the end of its thread. */
const GRACE = 1000;

/** Makes a thread, which may hold that many megabytes. */
export function startThread(memory: number): PipelineThread {
  const { Piscina: Threads } = loadLibrary<{ Piscina: typeof Piscina }>('piscina');
  const threads = new Threads({
    filename: join(__dirname, 'run-in-thread.js'),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 60_000,
    // A thread that waits for its next task goes on with what the last one left behind.
    atomics: 'disabled',
    env: environment(),
    resourceLimits: { maxOldGenerationSizeMb: memory },
  });
  // A thread that falls over between two runs is replaced.
  threads.on('error', () => undefined);
  return new PipelineThread(threads);
}

/** A worker thread for one run at a time; when one has ended it, the next gets a new one. */
export class PipelineThread {
  readonly isAlive = true;
  readonly #threads: Piscina;

  constructor(threads: Piscina) {
    this.#threads = threads;
  }

  /** Runs a pipeline; after an abort it has a second to end by itself. */
  async run(run: PipelineRun, inputs: Buffer): Promise<ThreadOutcome> {
    const { pipeline, signal } = run;
    signal.throwIfAborted();
    const { port1: port, port2 } = new MessageChannel();
    const hardStop = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      port.postMessage(String(signal.reason));
      timer = setTimeout(() => hardStop.abort(), GRACE);
    };
    signal.addEventListener('abort', abort, { once: true });
    port.on('message', (report: ThreadReport) => pass(report, run));
    const task: ThreadTask = { file: pipeline.file, name: pipeline.name, inputs, port: port2 };
    try {
      const options = { signal: hardStop.signal, transferList: [port2] };
      return (await this.#threads.run(task, options)) as ThreadOutcome;
    } catch (error) {
      signal.throwIfAborted();
      throw threadFailure(error as NodeJS.ErrnoException);
    } finally {
      signal.removeEventListener('abort', abort);
      clearTimeout(timer);
      // The outcome came another way, and may be first.
      for (let left; (left = receiveMessageOnPort(port));) pass(left.message as ThreadReport, run);
      port.close();
    }
  }

  end(): Promise<void> {
    return this.#threads.destroy();
  }
}

function pass(report: ThreadReport, { onStart, onLog, onProgress }: PipelineRun): void {
  if ('started' in report) onStart?.();
  else if ('log' in report) onLog?.(report.log);
  else onProgress?.(report.progress);
}

/** The thread ended in the middle of a run. */
function threadFailure({ name, code, message }: NodeJS.ErrnoException): PipelineError {
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new PipelineError('MemoryError', message);
  return new PipelineError(name === 'Error' ? 'ThreadEnded' : name, message);
}

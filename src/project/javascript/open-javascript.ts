import { deserialize, serialize } from 'node:v8';
import { GiveUpError, PipelineError } from '../../base/errors.ts';
import type { PipelineRun, RunPipeline } from '../pipeline-run.ts';
import { openRunners } from '../runners.ts';
import { MOST_BYTES, type Outcome } from './pipeline-messages.ts';
import { startJavaScript } from './pipeline-process.ts';

/** Options for JavaScript pipelines. */
export interface JavaScriptOptions {
  base_dir: string;
  javascript_processes: number;
  /** Maximum heap size of a process in megabytes. */
  memory: number;
}

/** Runs JavaScript pipelines. */
export interface JavaScriptRunner {
  run: RunPipeline;
  /** Number of processes that run. */
  running: () => number;
  close: () => Promise<void>;
}

/** Opens a runner with at most `javascript_processes` processes. They start on demand and stay until `close()`. */
export function openJavaScript(options: JavaScriptOptions): JavaScriptRunner {
  const { base_dir, javascript_processes: count, memory } = options;
  const runners = openRunners({ base_dir, count, start: (signal) => startJavaScript(memory, signal) });
  return {
    async run(run) {
      const { file, name } = run.pipeline;
      const task = { file, name, inputs: bytesOf(run) };
      return resultOf(await runners.use(run.signal, (process) => process.run(task, run)), run);
    },
    running: runners.running,
    close: runners.close,
  };
}

function bytesOf({ pipeline, inputs }: PipelineRun): Buffer {
  const bytes = encoded(pipeline.name, inputs);
  if (bytes.length <= MOST_BYTES) return bytes;
  throw new GiveUpError(
    `the inputs of ${pipeline.name} have ${bytes.length} bytes, the limit is ${MOST_BYTES}`,
  );
}

function encoded(name: string, inputs: unknown): Buffer {
  try {
    return serialize(inputs);
  } catch (error) {
    throw new GiveUpError(`the inputs of ${name} are not plain data: ${(error as Error).message}`);
  }
}

function resultOf(outcome: Outcome, { signal }: PipelineRun): unknown {
  // Ignore what an aborted pipeline returned.
  signal.throwIfAborted();
  if ('result' in outcome) return deserialize(outcome.result);
  const { kind, message, stack } = outcome.failure;
  throw new PipelineError(kind, message, stack);
}

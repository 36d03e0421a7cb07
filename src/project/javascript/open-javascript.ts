import { deserialize, serialize } from 'node:v8';
import { GiveUpError, PipelineError } from '../../errors.ts';
import type { PipelineRun, RunPipeline } from '../pipeline-run.ts';
import { openRunners } from '../runners.ts';
import { MOST_BYTES, type Outcome } from './messages.ts';
import { startJavaScript } from './pipeline-process.ts';

/** What runs JavaScript pipelines, and its bounds. */
export interface JavaScriptOptions {
  base_dir: string;
  javascript_processes: number;
  /** Megabytes that the heap of a process may have. */
  memory: number;
}

/** Runs JavaScript pipelines. */
export interface JavaScriptRunner {
  run: RunPipeline;
  close: () => Promise<void>;
}

/** Runs JavaScript pipelines in at most `javascript_processes` processes, which start with the first runs and stay. */
export function openJavaScript(options: JavaScriptOptions): JavaScriptRunner {
  const { base_dir, javascript_processes: count, memory } = options;
  const runners = openRunners({ base_dir, count, start: (signal) => startJavaScript(memory, signal) });
  return {
    async run(run) {
      const { file, name } = run.pipeline;
      const task = { file, name, inputs: bytesOf(run) };
      return resultOf(await runners.use(run.signal, (process) => process.run(task, run)), run);
    },
    close: runners.close,
  };
}

function bytesOf({ pipeline, inputs }: PipelineRun): Buffer {
  const bytes = encoded(pipeline.name, inputs);
  if (bytes.length <= MOST_BYTES) return bytes;
  throw new GiveUpError(
    `the inputs of ${pipeline.name} have ${bytes.length} bytes, at most ${MOST_BYTES} are passed on`,
  );
}

function encoded(name: string, inputs: unknown): Buffer {
  try {
    return serialize(inputs);
  } catch (error) {
    throw new GiveUpError(`the inputs of ${name} are no plain data: ${(error as Error).message}`);
  }
}

function resultOf(outcome: Outcome, { signal }: PipelineRun): unknown {
  // What a pipeline makes of an abort is no result.
  signal.throwIfAborted();
  if ('result' in outcome) return deserialize(outcome.result);
  const { kind, message, stack } = outcome.failure;
  throw new PipelineError(kind, message, stack);
}

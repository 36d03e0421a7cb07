import { deserialize, serialize } from 'node:v8';
import { GiveUpError, PipelineError } from '../../errors.ts';
import type { PipelineRun, RunPipeline } from '../pipeline-run.ts';
import { openRunners } from '../runners.ts';
import { MOST_BYTES, type ThreadOutcome } from './messages.ts';
import { startThread } from './pipeline-thread.ts';

/** What runs JavaScript pipelines, and its bounds. */
export interface JavaScriptOptions {
  base_dir: string;
  threads: number;
  /** Megabytes that a thread may hold. */
  memory: number;
}

/** Runs JavaScript pipelines. */
export interface JavaScriptRunner {
  run: RunPipeline;
  close: () => Promise<void>;
}

/** Runs JavaScript pipelines in at most `threads` worker threads, which start with the first runs. */
export function openJavaScript({ base_dir, threads: count, memory }: JavaScriptOptions): JavaScriptRunner {
  const runners = openRunners({ base_dir, count, start: async () => startThread(memory) });
  return {
    async run(run) {
      const inputs = bytesOf(run);
      return resultOf(await runners.use(run.signal, (thread) => thread.run(run, inputs)), run);
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

function resultOf(outcome: ThreadOutcome, { signal }: PipelineRun): unknown {
  // What a pipeline makes of an abort is no result.
  signal.throwIfAborted();
  if ('result' in outcome) return deserialize(outcome.result);
  const { kind, message, stack } = outcome.failure;
  throw new PipelineError(kind, message, stack);
}

/** Runs a pipeline; each kind of pipeline has a function of this type. */
export type RunPipeline = (run: PipelineRun) => Promise<unknown>;

/** One run of a pipeline. */
export interface PipelineRun extends RunHooks {
  /** From `findPipeline`. */
  pipeline: Pipeline;
  /** Inputs of the pipeline by name: plain data, Buffers and Dates. */
  inputs: Record<string, unknown>;
}

/** Signals to and from a run in progress. */
export interface RunHooks {
  /** Aborting it stops the run, by force if necessary. */
  signal: AbortSignal;
  /** Called when a process starts the run. */
  onStart?: (() => void) | undefined;
  /** Called with each line that the pipeline prints or logs; number and length of lines are limited. */
  onLog?: ((line: string) => void) | undefined;
  /** Called with the latest progress, at most 10 times a second: a number from 0 to 100, or a small object. */
  onProgress?: ((progress: number | object) => void) | undefined;
}

/** A pipeline in a project's directory. */
export interface Pipeline {
  /** For instance `sensors.clean` for `pipelines/sensors/clean.py`. */
  name: string;
  kind: 'flowerpower' | 'javascript';
  /** Absolute path. */
  file: string;
}

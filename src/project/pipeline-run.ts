/** What runs a named pipeline; each kind of pipeline has a function of this type. */
export type RunPipeline = (run: PipelineRun) => Promise<unknown>;

/** One run of a pipeline. */
export interface PipelineRun extends RunHooks {
  /** As `findPipeline` gives it. */
  pipeline: Pipeline;
  /** What the pipeline gets, by name; plain data, Buffers and Dates. */
  inputs: Record<string, unknown>;
}

/** What a run is told while it is under way, and tells. */
export interface RunHooks {
  /** Aborted when nobody waits for the result any more: the run is stopped, if need be by force. */
  signal: AbortSignal;
  /** Called when the run has its process. */
  onStart?: (() => void) | undefined;
  /** What the pipeline printed or logged, a line at a time; bounded in length and number. */
  onLog?: ((line: string) => void) | undefined;
  /** How far the pipeline says it is: a number from 0 to 100, or a small object; the newest, a few times a second. */
  onProgress?: ((progress: number | object) => void) | undefined;
}

/** A pipeline in a project's directory. */
export interface Pipeline {
  /** Its name in the project: `sensors.clean` is `pipelines/sensors/clean.py`. */
  name: string;
  kind: 'flowerpower' | 'javascript';
  /** Absolute path of its file. */
  file: string;
}

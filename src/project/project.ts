import type { Pipeline, PipelineRun } from './pipeline-run.ts';

/** Where a project's pipelines are and what runs them. */
export interface ProjectOptions {
  /** Absolute path of the directory that holds `pipelines/` and `conf/`. */
  base_dir: string;
  /** A Python executable, or the directory of a virtual environment. */
  python: string;
  /** Python processes, each with one run at a time. */
  python_processes: number;
  /** Processes for JavaScript, each with one run at a time. */
  javascript_processes: number;
  /** Milliseconds that one run may take; 0 for no limit. */
  timeout: number;
  /** Megabytes that a process may hold before it is replaced. */
  memory: number;
  /** What FlowerPower logs: `DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`. */
  log_level: string;
}

/** An open project: it lists its pipelines and runs them by name. */
export interface Project {
  /** Every pipeline in the directory, in the order of their names. */
  list: () => Promise<Pipeline[]>;
  /** Finds a pipeline by its name; rejects with PipelineNotFoundError. */
  find: (name: string) => Promise<Pipeline>;
  /**
   * Runs the pipeline of that name once and resolves to its result.
   * Rejects with PipelineNotFoundError, RunnerUnavailableError, TimedOutError, or the pipeline's own PipelineError.
   */
  run: (name: string, run: Omit<PipelineRun, 'pipeline'>) => Promise<unknown>;
  /** What would run Python pipelines. Rejects with RunnerUnavailableError that says how to install it. */
  checkPython: () => Promise<PythonVersions>;
  /** Stops every run and waits for its processes to end. */
  close: () => Promise<void>;
}

/** Versions that a Python interpreter reports. */
export interface PythonVersions {
  /** The interpreter's path. */
  executable: string;
  python: string;
  flowerpower: string;
}

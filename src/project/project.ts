import type { Pipeline, PipelineRun } from './pipeline-run.ts';

/** Options of a project. */
export interface ProjectOptions {
  /** Absolute path of the folder with `pipelines/` and `conf/`. */
  base_dir: string;
  /** Path of a Python executable or of a virtual environment. */
  python: string;
  /** Maximum number of Python processes; each runs one pipeline at a time. */
  python_processes: number;
  /** Maximum number of JavaScript processes; each runs one pipeline at a time. */
  javascript_processes: number;
  /** Maximum duration of a run in milliseconds; 0 for no limit. */
  timeout: number;
  /** Maximum memory of a process in megabytes; a process that exceeds it is replaced. */
  memory: number;
  /** Log level of FlowerPower: `DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`. */
  log_level: string;
}

/** An open project, which lists its pipelines and runs them by name. */
export interface Project {
  /** Lists the pipelines, sorted by name. */
  list: () => Promise<Pipeline[]>;
  /** Finds a pipeline by its name; rejects with PipelineNotFoundError. */
  find: (name: string) => Promise<Pipeline>;
  /**
   * Runs a pipeline once and resolves with its result.
   * Rejects with PipelineNotFoundError, RunnerUnavailableError, TimedOutError, or with the pipeline's PipelineError.
   */
  run: (name: string, run: Omit<PipelineRun, 'pipeline'>) => Promise<unknown>;
  /**
   * Returns the versions of Python and FlowerPower. Rejects with RunnerUnavailableError, which says what to install.
   */
  checkPython: () => Promise<PythonVersions>;
  /** Number of processes that run, for each language. */
  processes: () => { python: number; javascript: number };
  /** Stops every run and waits for the processes to end. */
  close: () => Promise<void>;
}

/** Versions that a Python interpreter reports. */
export interface PythonVersions {
  /** Path of the interpreter. */
  executable: string;
  python: string;
  flowerpower: string;
}

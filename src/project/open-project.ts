import { InterruptedError, TimedOutError } from '../errors.ts';
import { findPipeline } from './find-pipeline.ts';
import { openJavaScript, type JavaScriptRunner } from './javascript/open-javascript.ts';
import { listPipelines } from './list-pipelines.ts';
import type { Pipeline, PipelineRun } from './pipeline-run.ts';
import type { Project, ProjectOptions } from './project.ts';
import { openPython, type PythonRunner } from './python/open-python.ts';

/** Opens a project. Processes and threads start with the first run that needs them. */
export function openProject(options: ProjectOptions): Project {
  return new OpenProject(options);
}

class OpenProject implements Project {
  readonly #options: ProjectOptions;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #python: PythonRunner;
  readonly #javascript: JavaScriptRunner;

  constructor(options: ProjectOptions) {
    this.#options = options;
    this.#python = openPython(options);
    this.#javascript = openJavaScript(options);
  }

  list(): Promise<Pipeline[]> {
    return listPipelines(this.#options.base_dir);
  }

  find(name: string): Promise<Pipeline> {
    return findPipeline(this.#options.base_dir, name);
  }

  async run(name: string, run: Omit<PipelineRun, 'pipeline'>): Promise<unknown> {
    const running = this.#limited(name, run);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  checkPython() {
    return this.#python.check();
  }

  async close(): Promise<void> {
    this.#closing.abort(new InterruptedError('the project was closed'));
    await Promise.allSettled(this.#running);
    await Promise.all([this.#python.close(), this.#javascript.close()]);
  }

  /** Runs until the result, the caller's abort, the end of its time, or `close`. */
  async #limited(name: string, run: Omit<PipelineRun, 'pipeline'>): Promise<unknown> {
    const { base_dir, timeout } = this.#options;
    const pipeline = await findPipeline(base_dir, name);
    const time = new AbortController();
    const timer = timeout > 0 ? setTimeout(() => time.abort(timedOut(name, timeout)), timeout) : undefined;
    const signal = AbortSignal.any([run.signal, time.signal, this.#closing.signal]);
    try {
      signal.throwIfAborted();
      const runner = pipeline.kind === 'flowerpower' ? this.#python : this.#javascript;
      return await runner.run({ ...run, pipeline, signal });
    } finally {
      clearTimeout(timer);
    }
  }
}

function timedOut(name: string, timeout: number): TimedOutError {
  return new TimedOutError(`the pipeline ${name} ran longer than ${timeout / 1000} s`);
}

import { InterruptedError, TimedOutError } from '../base/errors.ts';
import { Runs } from '../base/runs.ts';
import { findPipeline } from './find-pipeline.ts';
import { openJavaScript, type JavaScriptRunner } from './javascript/open-javascript.ts';
import { listPipelines } from './list-pipelines.ts';
import type { Pipeline, PipelineRun } from './pipeline-run.ts';
import type { Project, ProjectOptions, PythonVersions } from './project.ts';
import { openPython, type PythonRunner } from './python/open-python.ts';

/** Opens a project. Processes start on demand. */
export function openProject(options: ProjectOptions): Project {
  return new OpenProject(options);
}

class OpenProject implements Project {
  readonly #options: ProjectOptions;
  readonly #runs = new Runs();
  readonly #python: PythonRunner;
  readonly #javascript: JavaScriptRunner;
  #closed: Error | undefined;

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

  run(name: string, run: Omit<PipelineRun, 'pipeline'>): Promise<unknown> {
    return this.#runs.start((stopping) => this.#run(name, run, stopping));
  }

  checkPython(): Promise<PythonVersions> {
    return this.#runs.start(({ signal }) => this.#python.check(signal));
  }

  processes(): { python: number; javascript: number } {
    return { python: this.#python.running(), javascript: this.#javascript.running() };
  }

  async close(): Promise<void> {
    this.#closed = new InterruptedError('the project was closed');
    await this.#runs.stop(0, this.#closed);
    await Promise.all([this.#python.close(), this.#javascript.close()]);
  }

  /** Runs until the result, an abort or the timeout, which starts when the run has its process. */
  async #run(name: string, run: Omit<PipelineRun, 'pipeline'>, stopping: AbortController): Promise<unknown> {
    const { timeout } = this.#options;
    const abort = () => stopping.abort(run.signal.reason);
    run.signal.addEventListener('abort', abort, { once: true });
    if (run.signal.aborted) abort();
    if (this.#closed) stopping.abort(this.#closed);
    let timer: NodeJS.Timeout | undefined;
    const onStart = () => {
      const stop = () => stopping.abort(TimedOutError.of(`the pipeline ${name}`, timeout));
      if (timeout > 0) timer = setTimeout(stop, timeout);
    };
    try {
      const pipeline = await this.find(name);
      stopping.signal.throwIfAborted();
      const runner = pipeline.kind === 'flowerpower' ? this.#python : this.#javascript;
      return await runner.run({ ...run, pipeline, signal: stopping.signal, onStart });
    } finally {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', abort);
    }
  }
}

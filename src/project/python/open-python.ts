import type { RunPipeline } from '../pipeline-run.ts';
import type { PythonVersions } from '../project.ts';
import { openRunners } from '../runners.ts';
import { encodeRequest } from './encoding.ts';
import { startPython, type PythonOptions } from './start-python.ts';

/** Runs FlowerPower pipelines. */
export interface PythonRunner {
  run: RunPipeline;
  /** Starts a process, and returns its versions. */
  check: (signal: AbortSignal) => Promise<PythonVersions>;
  /** Number of processes that run. */
  running: () => number;
  close: () => Promise<void>;
}

/** Opens a runner with at most `python_processes` processes. They start on demand and stay until `close()`. */
export function openPython(options: PythonOptions & { python_processes: number }): PythonRunner {
  const { base_dir, python_processes: count } = options;
  const start = async (signal: AbortSignal) => (await startPython(options, signal)).process;
  const runners = openRunners({ base_dir, count, start });
  return {
    async run(run) {
      const request = encodeRequest(run.pipeline.name, run.inputs);
      return runners.use(run.signal, (process) => process.run(request, run));
    },
    async check(signal) {
      const { process, versions } = await startPython(options, signal);
      await process.end();
      return versions;
    },
    running: runners.running,
    close: runners.close,
  };
}

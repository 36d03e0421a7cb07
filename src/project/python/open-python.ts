import type { RunPipeline } from '../pipeline-run.ts';
import type { PythonVersions } from '../project.ts';
import { projectVersion } from '../project-version.ts';
import { encodeRequest } from './encoding.ts';
import { startPythonProcess, type PythonOptions, type PythonProcess } from './python-process.ts';
import { openSlots } from './slots.ts';

export interface PythonRunner {
  run: RunPipeline;
  check: () => Promise<PythonVersions>;
  close: () => Promise<void>;
}

/** A place for one process, and the version of the project that the process has read. */
interface Slot {
  process: PythonProcess | undefined;
  version: string;
}

/**
 * Runs FlowerPower pipelines in at most `processes` Python processes, which start with the first runs and stay. A
 * process that ended, or that read the project before a file of it changed, is replaced before the next run.
 */
export function openPython(options: PythonOptions & { processes: number }): PythonRunner {
  const all = Array.from({ length: options.processes }, (): Slot => ({ process: undefined, version: '' }));
  const slots = openSlots(all, ({ process }) => process?.isAlive === true);

  return {
    async run({ pipeline, inputs, signal, onLog }) {
      const request = encodeRequest(pipeline.name, inputs);
      const slot = await slots.take(signal);
      try {
        const process = await upToDate(slot, options);
        return await process.run(request, { signal, onLog });
      } finally {
        slots.give(slot);
      }
    },
    async check() {
      const process = await startPythonProcess(options);
      await process.end();
      return process.versions;
    },
    async close() {
      await Promise.all(all.map(async ({ process }) => process?.end()));
    },
  };
}

async function upToDate(slot: Slot, options: PythonOptions): Promise<PythonProcess> {
  const version = await projectVersion(options.base_dir);
  if (slot.process?.isAlive && slot.version === version) return slot.process;
  await slot.process?.end();
  slot.process = undefined;
  slot.process = await startPythonProcess(options);
  slot.version = version;
  return slot.process;
}

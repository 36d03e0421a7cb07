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

/** What the project's files were when somebody looked; a later look has a greater number. */
interface Look {
  number: number;
  version: string;
}

/** A place for one process, and the newest look at the project that the process agrees with. */
interface Slot {
  process: PythonProcess | undefined;
  look: Look;
}

/**
 * Runs FlowerPower pipelines in at most `processes` Python processes, which start with the first runs and stay. A
 * process that ended, or that read the project before a file of it changed, is replaced before a run that was asked for
 * after the change.
 */
export function openPython(options: PythonOptions & { processes: number }): PythonRunner {
  const all = Array.from({ length: options.processes }, newSlot);
  const slots = openSlots(all, ({ process }) => process?.isAlive === true);
  let looks = 0;
  const look = async (): Promise<Look> => {
    const number = ++looks;
    return { number, version: await projectVersion(options.base_dir) };
  };

  return {
    async run({ pipeline, inputs, signal, onLog }) {
      const request = encodeRequest(pipeline.name, inputs);
      // While it waits for a process, which then loses no time.
      const looking = look();
      const slot = await slots.take(signal);
      try {
        const process = await upToDate(slot, await looking, options);
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

function newSlot(): Slot {
  return { process: undefined, look: { number: 0, version: '' } };
}

async function upToDate(slot: Slot, look: Look, options: PythonOptions): Promise<PythonProcess> {
  const isFresh = slot.look.version === look.version || slot.look.number > look.number;
  if (look.number > slot.look.number) slot.look = look;
  if (slot.process?.isAlive && isFresh) return slot.process;
  await slot.process?.end();
  slot.process = undefined;
  slot.process = await startPythonProcess(options);
  return slot.process;
}

import { spawn, type ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { RunnerUnavailableError } from '../../errors.ts';
import { environment } from '../environment.ts';
import type { PythonVersions } from '../project.ts';
import { decodeAnswer } from './encoding.ts';
import { interpreterOf } from './interpreter.ts';
import { PythonProcess } from './python-process.ts';

/** Which Python runs a project, and how. */
export interface PythonOptions {
  base_dir: string;
  python: string;
  /** Megabytes that the process may hold. */
  memory: number;
  log_level: string;
}

/** A process that waits for its first run. */
export interface Started {
  process: PythonProcess;
  versions: PythonVersions;
}

/** The runner's first line: what it found, and what it missed. */
interface Hello extends PythonVersions {
  /** FlowerPower cannot be imported. */
  missing?: string;
  /** FlowerPower does not open the project. */
  failed?: string;
}

const RUNNER = join(__dirname, 'flowerpower_runner.py');

/**
 * Starts a process; on an abort it ends it and rejects with the signal's reason.
 *
 * @throws RunnerUnavailableError that says how to mend it
 */
export async function startPython(options: PythonOptions, signal: AbortSignal): Promise<Started> {
  signal.throwIfAborted();
  await requireFolder(options.base_dir);
  const executable = interpreterOf(options.python);
  const process = new PythonProcess(spawnRunner(executable, options), options.memory);
  try {
    const hello = decodeAnswer(await process.hello(signal)) as Hello;
    return { process, versions: checked(hello, options.base_dir) };
  } catch (error) {
    await process.end();
    throw signal.aborted ? signal.reason : unavailable(executable, error as Error);
  }
}

/** Without it the interpreter would be called missing. */
async function requireFolder(base_dir: string): Promise<void> {
  const found = await stat(base_dir).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new RunnerUnavailableError(
    `there is no folder ${base_dir}: create it, or correct the project's folder`,
  );
}

function spawnRunner(executable: string, { base_dir, log_level }: PythonOptions): ChildProcess {
  return spawn(executable, [RUNNER, base_dir, log_level], {
    cwd: base_dir,
    env: { ...environment(), PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8' },
    // A group of its own: what a pipeline starts ends with it.
    detached: platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
}

function checked({ missing, failed, ...versions }: Hello, base_dir: string): PythonVersions {
  const { executable, python, flowerpower } = versions;
  if (missing !== undefined) {
    const install = `"${executable}" -m pip install flowerpower`;
    throw new RunnerUnavailableError(
      `FlowerPower is missing in Python ${python} (${missing}); install it with: ${install}`,
    );
  }
  if (failed !== undefined)
    throw new RunnerUnavailableError(`FlowerPower ${flowerpower} cannot open ${base_dir}: ${failed}`);
  return versions;
}

function unavailable(executable: string, error: Error & { code?: string }): RunnerUnavailableError {
  if (error instanceof RunnerUnavailableError) return error;
  // Of a system call: there was no process at all.
  if (error.code !== undefined)
    return new RunnerUnavailableError(
      `Python cannot be started as "${executable}" (${error.message}): ` +
        'install Python 3, or give the project the path of an interpreter or of a virtual environment',
    );
  return new RunnerUnavailableError(`FlowerPower does not start in "${executable}": ${error.message}`);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { RunnerUnavailableError } from '../../base/errors.ts';
import { environment } from '../environment.ts';
import type { PythonVersions } from '../project.ts';
import { decodeAnswer } from './encoding.ts';
import { interpreterOf } from './interpreter.ts';
import { PythonProcess } from './python-process.ts';

/** Options of a Python process. */
export interface PythonOptions {
  base_dir: string;
  python: string;
  /** Maximum memory of the process in megabytes. */
  memory: number;
  log_level: string;
}

/** A process that is ready for its first run. */
export interface Started {
  process: PythonProcess;
  versions: PythonVersions;
}

/** The runner's first line: versions, or an error. */
interface Hello extends PythonVersions {
  /** Why FlowerPower cannot be imported. */
  missing?: string;
  /** Why FlowerPower cannot open the project. */
  failed?: string;
}

const RUNNER = join(__dirname, 'flowerpower_runner.py');

/**
 * Starts a process. After an abort, ends the process and rejects with the signal's reason.
 *
 * @throws RunnerUnavailableError that says what to do
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

/** Checks the folder first: spawn() with a missing `cwd` reports that the interpreter is missing. */
async function requireFolder(base_dir: string): Promise<void> {
  const found = await stat(base_dir).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new RunnerUnavailableError(
    `the folder ${base_dir} is missing: create it, or correct the project's folder`,
  );
}

function spawnRunner(executable: string, { base_dir, log_level }: PythonOptions): ChildProcess {
  return spawn(executable, [RUNNER, base_dir, log_level], {
    cwd: base_dir,
    env: { ...environment(), PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8' },
    // A separate process group, so that a pipeline's child processes are ended, too.
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
  // An error with a code comes from a system call: no process was started.
  if (error.code !== undefined)
    return new RunnerUnavailableError(
      `Python cannot be started as "${executable}" (${error.message}): ` +
        'install Python 3, or set the path of an interpreter or of a virtual environment in the project',
    );
  return new RunnerUnavailableError(`FlowerPower does not start in "${executable}": ${error.message}`);
}

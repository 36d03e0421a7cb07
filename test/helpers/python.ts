import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns the Python of a virtual environment in the repository, if it exists. */
function pythonOf(environment: string): string | undefined {
  const python = join(__dirname, '../../..', environment, 'bin/python');
  return existsSync(python) ? python : undefined;
}

/** A Python with the packages of test/requirements.txt: FP_PYTHON, or that of `.venv`. */
export const flowerpowerPython = process.env['FP_PYTHON'] ?? pythonOf('.venv');

/** A Python with FlowerPower 0.20, which flowerpower-mqtt uses: FP_PYTHON_0_20, or that of `.venv-0.20`. */
export const oldFlowerpowerPython = process.env['FP_PYTHON_0_20'] ?? pythonOf('.venv-0.20');

/** A Python with RQ 1.16: FP_PYTHON_RQ_1_16, or that of `.venv-rq-1.16`. */
export const oldRqPython = process.env['FP_PYTHON_RQ_1_16'] ?? pythonOf('.venv-rq-1.16');

/** The Python with flowerpower-mqtt itself, if it is there: that of the older FlowerPower. */
export const listenerPython = hasListener(oldFlowerpowerPython) ? oldFlowerpowerPython : undefined;

function hasListener(python: string | undefined): boolean {
  return python !== undefined && existsSync(join(dirname(python), 'flowerpower-mqtt'));
}

/** Returns FlowerPower's result for each input, from a script without this package. */
export function flowerpowerAlone(base_dir: string, name: string, inputs: object[]): unknown[] {
  const script = join(__dirname, '../../../test/helpers/flowerpower_alone.py');
  const options = { input: JSON.stringify(inputs), maxBuffer: 16 * 1024 * 1024 };
  return JSON.parse(execFileSync(flowerpowerPython ?? '', [script, base_dir, name], options).toString());
}

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const own = join(__dirname, '../../../.venv/bin/python');

/** A Python with the packages of test/requirements.txt: FP_PYTHON, or that of the repository's virtual environment. */
export const flowerpowerPython = process.env['FP_PYTHON'] ?? (existsSync(own) ? own : undefined);

/** What FlowerPower gives for each of the inputs when a bare script runs the pipeline. */
export function flowerpowerAlone(base_dir: string, name: string, inputs: object[]): unknown[] {
  const script = join(__dirname, '../../../test/helpers/flowerpower_alone.py');
  const options = { input: JSON.stringify(inputs), maxBuffer: 16 * 1024 * 1024 };
  return JSON.parse(execFileSync(flowerpowerPython ?? '', [script, base_dir, name], options).toString());
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';

const own = join(__dirname, '../../../.venv/bin/python');

/** A Python with the packages of test/requirements.txt: FP_PYTHON, or that of the repository's virtual environment. */
export const flowerpowerPython = process.env['FP_PYTHON'] ?? (existsSync(own) ? own : undefined);

import type { Options } from './option.ts';
import { choice, integer, seconds, text } from './rule.ts';

/** Options of a project; they are at the top level of a file. */
export const project = {
  base_dir: {
    rule: text('.'),
    about: 'folder with `pipelines/` and `conf/`; relative to the user directory, for `fp-mqtt` to the file',
  },
  log_level: {
    rule: choice('INFO', 'DEBUG', 'WARNING', 'ERROR', 'CRITICAL'),
    about: '`DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`',
  },
  python: {
    rule: text('python3'),
    about: 'Python executable, or folder of a virtual environment',
    ours: true,
  },
  python_processes: {
    rule: integer(4, { least: 1, most: 64 }),
    about: 'Python pipelines that run at the same time, 1 to 64',
    ours: true,
  },
  javascript_processes: {
    rule: integer(2, { least: 1, most: 64 }),
    about: 'JavaScript pipelines that run at the same time, 1 to 64',
    ours: true,
  },
  timeout: {
    rule: seconds(300, { least: 0, most: 86_400 }),
    about: 'seconds that one run of a pipeline may take; 0: no limit',
    ours: true,
  },
  memory: {
    rule: integer(512, { least: 64, most: 65_536 }),
    about: 'megabytes that a process of pipelines may hold',
    ours: true,
  },
} satisfies Options;

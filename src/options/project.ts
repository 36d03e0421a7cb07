import type { Options } from './option.ts';
import { choice, text } from './rule.ts';

/** Options of a project; they are at the top level of a file. */
export const project = {
  base_dir: {
    rule: text('.'),
    about: 'folder with `pipelines/` and `conf/`; relative to the user directory',
  },
  log_level: {
    rule: choice('INFO', 'DEBUG', 'WARNING', 'ERROR', 'CRITICAL'),
    about: '`DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`',
  },
} satisfies Options;

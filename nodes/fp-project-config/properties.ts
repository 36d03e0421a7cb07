import { choice, integer, requiredText, seconds, text } from '../properties.ts';

/** Where a project's pipelines are, and what runs them; `base_dir` and `log_level` as in flowerpower-mqtt. */
export const rules = {
  base_dir: text('.', 1000),
  python: requiredText(1000),
  python_processes: integer(4, { least: 1, most: 64 }),
  javascript_processes: integer(2, { least: 1, most: 64 }),
  timeout: seconds(300, { least: 0, most: 86_400 }),
  memory: integer(512, { least: 64, most: 65_536 }),
  log_level: choice('INFO', 'DEBUG', 'WARNING', 'ERROR', 'CRITICAL'),
};

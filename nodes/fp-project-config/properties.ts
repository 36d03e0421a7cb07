import { rulesIn } from '../../src/options/option.ts';
import { project } from '../../src/options/project.ts';
import { integer, seconds, text } from '../../src/options/rule.ts';

/** Properties of a project. */
export const rules = {
  ...rulesIn(project),
  python: text('python3'),
  python_processes: integer(4, { least: 1, most: 64 }),
  javascript_processes: integer(2, { least: 1, most: 64 }),
  timeout: seconds(300, { least: 0, most: 86_400 }),
  memory: integer(512, { least: 64, most: 65_536 }),
};

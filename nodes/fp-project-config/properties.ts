import { rulesIn } from '../../src/options/option.ts';
import { project } from '../../src/options/project.ts';

/** Where a project's pipelines are, and what runs them. */
export const rules = rulesIn(project);

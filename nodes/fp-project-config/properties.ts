import { rulesIn } from '../../src/options/option.ts';
import { project } from '../../src/options/project.ts';

/** Properties of a project. */
export const rules = rulesIn(project);

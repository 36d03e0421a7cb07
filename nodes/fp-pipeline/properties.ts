import { configNode, text } from '../properties.ts';

/** Which pipeline runs; empty for the one that the message names. */
export const rules = {
  project: configNode('project'),
  pipeline: text('', 100),
};

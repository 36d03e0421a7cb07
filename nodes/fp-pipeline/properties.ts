import { text } from '../../src/options/rule.ts';
import { optionalConfigNode } from '../properties.ts';

/** Which pipeline runs, empty for the one that the message names; without a project only `link in` nodes are pipelines. */
export const rules = {
  project: optionalConfigNode,
  pipeline: text('', 100),
};

import { seconds } from '../../src/options/rule.ts';
import { optionalConfigNode } from '../properties.ts';

/** Properties of the report; an interval of 0 reports on request only. */
export const rules = {
  broker: optionalConfigNode,
  queue: optionalConfigNode,
  interval: seconds(0, { least: 0, most: 86_400 }),
};

import { rulesIn } from '../../src/options/option.ts';
import { integer, seconds } from '../../src/options/rule.ts';
import { subscription } from '../../src/options/subscription.ts';
import { configNode } from '../properties.ts';

/** One subscription. */
export const rules = {
  broker: configNode('broker'),
  ...rulesIn(subscription),
  timeout: seconds(300, { least: 0, most: 2_000_000 }),
  /** Number of outputs, set by the dialog: two in `mixed` mode, "run now" and "enqueue". */
  outputs: integer(1, { least: 1, most: 2 }),
};

import { choice, flag, seconds, text } from '../../src/options/rule.ts';

/** Properties of the action on a job; `value_type` selects how `value` is read. */
export const rules = {
  action: choice('progress', 'log', 'result', 'fail', 'give_back'),
  value: text('payload', 10_000),
  value_type: choice('msg', 'flow', 'global', 'str', 'num', 'bool', 'json', 'jsonata', 'env', 'date'),
  again: flag(true),
  delay: seconds(60, { least: 0.1, most: 31_536_000 }),
};

import { patternMistake, timeZoneMistake } from '../../src/options/schedule.ts';
import {
  checkedText,
  choice,
  flag,
  integer,
  rule,
  seconds,
  text,
  type Rule,
} from '../../src/options/rule.ts';
import { configNode } from '../properties.ts';

const anyText = text();

/** A cron pattern; only checked if `times` selects it. */
const pattern: Rule<string> = rule(anyText.schema, (stored, all) => {
  const value = anyText(stored, all);
  const mistake = all['times'] === 'every' ? undefined : patternMistake(value);
  if (mistake !== undefined) throw new Error(mistake);
  return value;
});

const withDefault = (checked: Rule<string>, fallback: string): Rule<string> =>
  rule(checked.schema, (stored, all) => checked(stored ?? fallback, all));

/** Properties of a schedule. `times` selects a pattern or an interval. */
export const rules = {
  queue: configNode('queue'),
  pipeline: withDefault(text('', 200), 'scheduled'),
  times: choice('pattern', 'every'),
  pattern: withDefault(pattern, '0 2 * * *'),
  tz: checkedText(timeZoneMistake, { fallback: '' }),
  every: seconds(60, { least: 0.1, most: 31_536_000 }),
  payload: text('', 65_535),
  payload_type: choice('str', 'num', 'bool', 'json', 'bin', 'env'),
  topic: text('', 65_535),
  priority: integer(undefined, { least: 0, most: 2_097_151 }),
  attempts: integer(undefined, { least: 1, most: 1001 }),
  enabled: flag(true),
};

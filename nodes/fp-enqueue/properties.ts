import { choice, flag, seconds, text } from '../../src/options/rule.ts';
import { configNode, integerOrProperty } from '../properties.ts';

/** Properties of a job. `..._type` selects whether the value is fixed or a property of the message. */
export const rules = {
  queue: configNode('queue'),
  pipeline: text('pipeline', 200),
  pipeline_type: choice('msg', 'str'),
  priority: integerOrProperty('priority_type', { least: 0, most: 2_097_151 }),
  priority_type: choice('num', 'msg'),
  delay: integerOrProperty('delay_type', { least: 0, most: 31_536_000_000 }),
  delay_type: choice('num', 'msg'),
  attempts: integerOrProperty('attempts_type', { least: 1, most: 1001 }),
  attempts_type: choice('num', 'msg'),
  deduplication: text('', 200),
  deduplication_type: choice('msg', 'str'),
  deduplication_ttl: seconds(0, { least: 0, most: 31_536_000 }),
  wait: flag(false),
  wait_timeout: seconds(60, { least: 1, most: 86_400 }),
};

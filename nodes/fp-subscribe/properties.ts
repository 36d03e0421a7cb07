import { filterMistake } from '../../src/mqtt/topic.ts';
import { checkedText, choice, configNode, integer, optionalConfigNode, text } from '../properties.ts';

/** One subscription; the names are those of flowerpower-mqtt's `subscriptions`. */
export const rules = {
  broker: configNode('broker'),
  queue: optionalConfigNode,
  topic: checkedText(filterMistake),
  qos: choice(1, 0, 2),
  pipeline: text('', 200),
  execution_mode: choice('async', 'sync', 'mixed'),
  deserialization_format: choice('auto', 'json', 'text', 'buffer'),
  max_payload: integer(1024, { least: 1, most: 262_144 }),
};

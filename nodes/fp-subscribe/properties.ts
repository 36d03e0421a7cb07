import { filterMistake } from '../../src/mqtt/topic.ts';
import { payloadFormats } from '../../src/payload/formats.ts';
import { checkedText, choice, configNode, integer, seconds, text, type Rule } from '../properties.ts';

/** Text that the format protobuf needs. */
function forProtobuf(): Rule<string> {
  const anyText = text('', 1000);
  return (stored, all) => {
    const value = anyText(stored, all);
    if (value === '' && all['deserialization_format'] === 'protobuf') throw new Error('must not be empty');
    return value;
  };
}

/** One subscription; the names are those of flowerpower-mqtt's `subscriptions`. */
export const rules = {
  broker: configNode('broker'),
  topic: checkedText(filterMistake),
  qos: choice(1, 0, 2),
  pipeline: text('', 200),
  execution_mode: choice('async', 'sync', 'mixed'),
  deserialization_format: choice(...payloadFormats),
  proto_file: forProtobuf(),
  proto_message: forProtobuf(),
  max_payload: integer(1024, { least: 1, most: 262_144 }),
  timeout: seconds(300, { least: 0, most: 2_000_000 }),
  /** Two in `mixed` mode, "run now" and "enqueue"; the dialog keeps it so. */
  outputs: integer(1, { least: 1, most: 2 }),
};

import { filterMistake } from '../mqtt/topic.ts';
import { payloadFormats } from '../payload/formats.ts';
import type { Options } from './option.ts';
import { checkedText, choice, flag, integer, text, textFor } from './rule.ts';

/** Options of a subscription. */
export const subscription = {
  topic: {
    rule: checkedText(filterMistake, {
      schema: { pattern: '^(\\+|[^+#/]*)(/(\\+|[^+#/]*))*(/#)?$|^(\\$share/[^+#/]+/)?#$' },
    }),
    about: 'topic filter, with `+` and `#`',
    required: true,
  },
  pipeline: { rule: text('', 200), about: 'name of the pipeline', required: true },
  qos: { rule: choice(1, 0, 2), about: '0, 1 or 2', inFile: 0 },
  execution_mode: {
    rule: choice('async', 'sync', 'mixed'),
    about: '`sync`, `async` or `mixed`',
    inFile: 'sync',
  },
  deserialization_format: {
    rule: choice(...payloadFormats),
    about: '`auto`, `json`, `yaml`, `msgpack`, `pickle`, `protobuf`, `pyarrow`, `text` or `buffer`',
  },
  wrap_payload: {
    rule: flag(false),
    about: 'with `auto`: what is not JSON comes as text and bytes, as in flowerpower-mqtt',
    inFile: true,
    ours: true,
  },
  proto_file: {
    rule: textFor('deserialization_format', 'protobuf'),
    about: '.proto file, for the format protobuf',
    ours: true,
  },
  proto_message: {
    rule: textFor('deserialization_format', 'protobuf'),
    about: 'name of the message in it',
    ours: true,
  },
  max_payload: { rule: integer(1024, { least: 1, most: 262_144 }), about: 'KiB, 1 to 262144', ours: true },
} satisfies Options;

/** Names of the payload formats; the first is the default. */
export const payloadFormats = [
  'auto',
  'json',
  'yaml',
  'msgpack',
  'pickle',
  'protobuf',
  'pyarrow',
  'text',
  'buffer',
] as const;

export type PayloadFormat = (typeof payloadFormats)[number];

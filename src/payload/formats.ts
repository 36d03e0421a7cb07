/** The names of the payload formats, the default first. */
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

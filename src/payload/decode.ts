import { DecodeError, OptionsError } from '../errors.ts';
import { auto } from './auto.ts';
import { buffer } from './buffer.ts';
import { json } from './json.ts';
import { text } from './text.ts';

/** Turns a payload's bytes into a value; throws a DecodeError. */
export type Decoder = (payload: Buffer) => unknown;

/** The formats a payload can have. A format that needs a library of its own loads it inside its decoder. */
const decoders = { auto, json, text, buffer } satisfies Record<string, Decoder>;

export type PayloadFormat = keyof typeof decoders;

/** The names of the formats, the default first. */
export const payloadFormats = Object.keys(decoders) as PayloadFormat[];

export function isPayloadFormat(name: string): name is PayloadFormat {
  return Object.hasOwn(decoders, name);
}

export interface DecodeOptions {
  /** What the bytes are. Default: auto. */
  format?: PayloadFormat;
  /** Bytes; a larger payload is refused. Default: 1 MiB. */
  maximumSize?: number;
}

/** Decodes the payload of a message; rejects with a DecodeError that says what is wrong where, and holds the bytes. */
export async function decode(payload: Buffer, options: DecodeOptions = {}): Promise<unknown> {
  const { format = 'auto', maximumSize = 1024 * 1024 } = options;
  if (!isPayloadFormat(format)) {
    throw new OptionsError([
      `deserialization_format: ${String(format)} is none of ${payloadFormats.join(', ')}`,
    ]);
  }
  if (payload.length > maximumSize) {
    const sizes = `the payload has ${payload.length} bytes, allowed are ${maximumSize}`;
    throw new DecodeError(`${sizes}: raise the subscription's limit or send less`, payload);
  }
  return decoders[format](payload);
}

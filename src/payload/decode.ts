import { DecodeError, InterruptedError, OptionsError } from '../base/errors.ts';
import { findLibrary } from '../base/load-library.ts';
import type { Values } from '../options/option.ts';
import type { subscription } from '../options/subscription.ts';
import { openArrow, type ArrowDecoder } from './arrow/arrow.ts';
import { auto } from './auto.ts';
import type { Decode, Decoded } from './define-format.ts';
import { payloadFormats, type PayloadFormat } from './formats.ts';
import { json, jsonOrRaw } from './json.ts';
import { msgpack } from './msgpack.ts';
import { pickle } from './pickle/pickle.ts';
import { protobuf, type ProtobufOptions } from './protobuf.ts';
import { text } from './text.ts';
import { yaml } from './yaml.ts';

export interface DecodeOptions extends Partial<ProtobufOptions> {
  /** Format of the payload. Default: auto. */
  format?: PayloadFormat;
  /** With the format auto: passes on JSON only, and all else like flowerpower-mqtt. Default: false. */
  wrapPayload?: boolean;
  /** Maximum payload size in bytes. Default: 1 MiB. */
  maximumSize?: number;
}

type DecodingOption =
  'deserialization_format' | 'wrap_payload' | 'max_payload' | 'proto_file' | 'proto_message';

/** Converts the options of a subscription; `resolvePath` returns the absolute path of its .proto file. */
export function decodeOptionsOf(
  values: Pick<Values<typeof subscription>, DecodingOption>,
  resolvePath: (path: string) => string,
): DecodeOptions {
  const { deserialization_format, wrap_payload, max_payload, proto_file, proto_message } = values;
  return {
    format: deserialization_format,
    wrapPayload: wrap_payload,
    maximumSize: max_payload * 1024,
    ...(proto_file && { proto_file: resolvePath(proto_file) }),
    proto_message,
  };
}

/** Decodes payloads to values. */
export interface Decoder {
  /** Rejects with a DecodeError, which has the reason and the bytes, or with an InterruptedError. */
  decode: (payload: Buffer) => Promise<Decoded>;
  close: () => void;
}

/**
 * Opens a decoder for the payloads of a subscription. `auto` loads the library of a format with its first payload.
 *
 * @throws OptionsError if an option is invalid, GiveUpError if the library of the format is not installed
 */
export function openDecoder(options: DecodeOptions = {}): Decoder {
  const { maximumSize = 1024 * 1024 } = options;
  const arrow = openArrow();
  const decode = decodeOf(options, arrow);
  return {
    async decode(payload) {
      if (payload.length > maximumSize) {
        const sizes = `the payload has ${payload.length} bytes, the limit is ${maximumSize}`;
        throw new DecodeError(`${sizes}: raise the subscription's limit or send less`, payload);
      }
      try {
        return await decode(payload);
      } catch (error) {
        throw decodeError(error, payload);
      }
    },
    close: () => arrow.close(),
  };
}

function decodeOf(options: DecodeOptions, arrow: ArrowDecoder): Decode {
  const { format = 'auto', wrapPayload = false } = options;
  switch (format) {
    case 'auto':
      return wrapPayload ? jsonOrRaw : async (payload) => (await auto(payload, arrow)).decoded;
    case 'json':
      return json;
    case 'yaml':
      return yaml;
    case 'msgpack':
      findLibrary('@msgpack/msgpack');
      return msgpack;
    case 'pickle':
      return pickle;
    case 'protobuf':
      return protobuf(protobufOptions(options));
    case 'pyarrow':
      findLibrary('apache-arrow');
      return (payload) => arrow.decode(payload);
    case 'text':
      return (payload) => ({ payload: text(payload) });
    case 'buffer':
      return (payload) => ({ payload });
    default:
      throw new OptionsError([
        `deserialization_format: ${String(format)} is unknown, use one of ${payloadFormats.join(', ')}`,
      ]);
  }
}

/** Wraps other errors: a caller could take one for an error that was already reported and lose the payload. */
function decodeError(error: unknown, payload: Buffer): unknown {
  if (error instanceof DecodeError || error instanceof InterruptedError) return error;
  return new DecodeError((error as Error).message, payload, { cause: error });
}

function protobufOptions({ proto_file, proto_message }: DecodeOptions): ProtobufOptions {
  if (proto_file && proto_message) return { proto_file, proto_message };
  throw new OptionsError([
    'protobuf needs proto_file (path of a .proto file) and proto_message (name of a message in it)',
  ]);
}

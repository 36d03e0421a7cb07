import { DecodeError, OptionsError } from '../errors.ts';
import { openArrow, type ArrowDecoder } from './arrow/arrow.ts';
import type { Column, Rows } from './arrow/rows.ts';
import { auto } from './auto.ts';
import { buffer } from './buffer.ts';
import { json } from './json.ts';
import { payloadFormats, type PayloadFormat } from './formats.ts';
import { findLibrary, loadLibrary } from '../load-library.ts';
import { msgpack } from './msgpack.ts';
import { pickle } from './pickle/pickle.ts';
import { protobuf, type ProtobufOptions } from './protobuf.ts';

import { text } from './text.ts';
import { yaml } from './yaml.ts';

export interface DecodeOptions extends Partial<ProtobufOptions> {
  /** What the bytes are. Default: auto. */
  format?: PayloadFormat;
  /** Bytes; a larger payload is refused. Default: 1 MiB. */
  maximumSize?: number;
}

export interface Decoded {
  payload: unknown;
  /** The columns of an Arrow table. */
  schema?: Column[];
}

/** Turns payloads into values. */
export interface Decoder {
  /** Rejects with a DecodeError that says what is wrong where, and holds the bytes. */
  decode: (payload: Buffer) => Promise<Decoded>;
  close: () => void;
}

type Decode = (payload: Buffer) => Decoded | Promise<Decoded>;

/**
 * Opens a decoder for the payloads of a subscription; `auto` loads the library of a format with its first payload.
 *
 * @throws OptionsError when an option is wrong, GiveUpError when the library of the format is not installed
 */
export function openDecoder(options: DecodeOptions = {}): Decoder {
  const { maximumSize = 1024 * 1024 } = options;
  const arrow = openArrow();
  const decode = decodeOf(options, arrow);
  return {
    async decode(payload) {
      if (payload.length > maximumSize) {
        const sizes = `the payload has ${payload.length} bytes, allowed are ${maximumSize}`;
        throw new DecodeError(`${sizes}: raise the subscription's limit or send less`, payload);
      }
      return decode(payload);
    },
    close: () => arrow.close(),
  };
}

function decodeOf(options: DecodeOptions, arrow: ArrowDecoder): Decode {
  const { format = 'auto' } = options;
  const only = (decode: (payload: Buffer) => unknown) => (payload: Buffer) => ({ payload: decode(payload) });
  switch (format) {
    case 'auto':
      return async (payload) => {
        const { format: found, value } = await auto(payload, arrow);
        return found === 'pyarrow' ? table(value as Rows) : { payload: value };
      };
    case 'json':
      return only(json);
    case 'yaml':
      return only(yaml);
    case 'msgpack':
      loadLibrary('@msgpack/msgpack');
      return only(msgpack);
    case 'pickle':
      return only(pickle);
    case 'protobuf':
      return only(protobuf(protobufOptions(options)));
    case 'pyarrow':
      findLibrary('apache-arrow');
      return async (payload) => table(await arrow.decode(payload));
    case 'text':
      return only(text);
    case 'buffer':
      return only(buffer);
    default:
      throw new OptionsError([
        `deserialization_format: ${String(format)} is none of ${payloadFormats.join(', ')}`,
      ]);
  }
}

function table({ rows, schema }: Rows): Decoded {
  return { payload: rows, schema };
}

function protobufOptions({ proto_file, proto_message }: DecodeOptions): ProtobufOptions {
  if (proto_file && proto_message) return { proto_file, proto_message };
  throw new OptionsError([
    'protobuf needs proto_file, a .proto file, and proto_message, the name of a message in it',
  ]);
}

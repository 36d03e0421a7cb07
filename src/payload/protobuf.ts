import type * as Protobuf from 'protobufjs';
import { DecodeError, OptionsError } from '../errors.ts';
import { bounded } from './bounded.ts';
import { integer } from './integer.ts';
import { loadLibrary } from '../load-library.ts';

/** What a Protobuf payload is. */
export interface ProtobufOptions {
  /** Absolute path of a .proto file; it may import others beside it. */
  proto_file: string;
  /** The message's name with its package, for instance `plant.Reading`. */
  proto_message: string;
}

/**
 * Protobuf has no description of itself: the message is found in a .proto file, which is read once. Enums become their
 * names, bytes Buffers, integers that a number cannot hold bigints; missing fields have their defaults.
 *
 * @throws OptionsError when the file or the message in it is missing
 */
export function protobuf({ proto_file, proto_message }: ProtobufOptions): (payload: Buffer) => unknown {
  const type = loadType(proto_file, proto_message);
  const options = { enums: String, bytes: Buffer, defaults: true, arrays: true, objects: true };
  return (payload) => {
    try {
      return bounded(plain(type.toObject(type.decode(payload), options)), payload);
    } catch (cause) {
      if (cause instanceof DecodeError) throw cause;
      const words = `${(cause as Error).message}: send ${proto_message} or correct the subscription`;
      throw new DecodeError(`the payload is no ${proto_message}: ${words}`, payload, { cause });
    }
  };
}

function loadType(file: string, message: string): Protobuf.Type {
  const { Root } = loadLibrary<typeof Protobuf>('protobufjs');
  try {
    return new Root().loadSync(file).lookupType(message);
  } catch (cause) {
    throw new OptionsError([
      `proto_message ${message} cannot be read from ${file}: ${(cause as Error).message}`,
    ]);
  }
}

/** 64-bit integers come as objects of two halves. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  if (isLong(value)) return integer(bigintOf(value));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

interface Long {
  low: number;
  high: number;
  unsigned: boolean;
}

function bigintOf({ low, high, unsigned }: Long): bigint {
  const bits = (BigInt(high) << 32n) | BigInt(low >>> 0);
  return unsigned ? BigInt.asUintN(64, bits) : bits;
}

function isLong(value: object): value is Long {
  return 'low' in value && 'high' in value && 'unsigned' in value;
}

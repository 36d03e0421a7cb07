import type * as Protobuf from 'protobufjs';
import { OptionsError } from '../errors.ts';
import { loadLibrary } from '../load-library.ts';
import { MOST_VALUES } from './bounded.ts';
import type { Decoded } from './decoded.ts';
import { exactNumber } from './exact-number.ts';
import { reader } from './reader.ts';

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
export function protobuf({ proto_file, proto_message }: ProtobufOptions): (payload: Buffer) => Decoded {
  const type = loadType(proto_file, proto_message);
  const options = {
    longs: BigInt,
    enums: String,
    bytes: Buffer,
    defaults: true,
    arrays: true,
    objects: true,
  };
  return reader({
    otherwise: `no ${proto_message}`,
    remedy: `send ${proto_message} or correct the subscription`,
    read(payload) {
      const message = type.decode(payload);
      if (fieldsIn(type, message) > MOST_VALUES) throw new Error(`it has more than ${MOST_VALUES} fields`);
      return type.toObject(message, options);
    },
    leaf: exactNumber,
  });
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

type Message = Protobuf.Message & Record<string, unknown>;

/** With those that are missing: a message of two bytes can have a hundred defaults. */
function fieldsIn({ fieldsArray }: Protobuf.Type, message: Protobuf.Message): number {
  let count = fieldsArray.length;
  for (const { name, resolvedType, repeated, map } of fieldsArray) {
    const value = (message as Message)[name];
    if (!resolvedType || !('fieldsArray' in resolvedType) || !value) continue;
    const messages = (repeated || map ? Object.values(value) : [value]) as Message[];
    for (const inner of messages) count += fieldsIn(resolvedType, inner);
  }
  return count;
}

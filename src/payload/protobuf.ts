import type * as Protobuf from 'protobufjs';
import { OptionsError } from '../base/errors.ts';
import { loadLibrary } from '../base/load-library.ts';
import { defineFormat, exactNumber, MOST_VALUES, type Decoded } from './define-format.ts';

/** Names the type of a Protobuf payload. */
export interface ProtobufOptions {
  /** Absolute path of a .proto file; it may import others from its folder. */
  proto_file: string;
  /** Name of the message with its package, for instance `plant.Reading`. */
  proto_message: string;
}

/**
 * Returns a decoder for the message type, which is read once from the .proto file. Enums become their names, bytes
 * become Buffers, integers too large for a number become bigints, and missing fields get their defaults.
 *
 * @throws OptionsError if the file or the message type is missing
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
  return defineFormat({
    description: `not a valid ${proto_message}`,
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

/** Counts missing fields too: toObject() fills in their defaults, so two bytes can become a hundred fields. */
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

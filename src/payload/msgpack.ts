import type * as MessagePack from '@msgpack/msgpack';
import { loadLibrary } from '../load-library.ts';
import { exactNumber } from './exact-number.ts';
import { keyText } from './key-text.ts';
import { checkSizes } from './msgpack-sizes.ts';
import { reader } from './reader.ts';

/**
 * One MessagePack value that takes all bytes: maps become objects, binary becomes Buffers, timestamps become dates, and
 * integers that a number cannot hold become bigints.
 */
export const msgpack = reader({
  otherwise: 'not MessagePack',
  remedy: 'send MessagePack or choose another format',
  read(payload) {
    const { decode } = loadLibrary<typeof MessagePack>('@msgpack/msgpack');
    checkSizes(payload);
    return decode(payload, { useBigInt64: true, mapKeyConverter: keyText });
  },
  leaf,
});

/** The library gives all 64-bit integers as bigints, and bytes that are not a Buffer. */
function leaf(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value !== 'object' || value === null || value instanceof Date) return exactNumber(value);
  throw new Error('it has an extension type that is not a timestamp');
}

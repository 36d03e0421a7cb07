import type * as MessagePack from '@msgpack/msgpack';
import { loadLibrary } from '../base/load-library.ts';
import { keyText } from './map-entry.ts';
import { checkSizes } from './msgpack-sizes.ts';
import { defineFormat, exactNumber } from './define-format.ts';

/**
 * Reads one MessagePack value; further bytes are an error. Maps become objects, binary becomes Buffers, timestamps
 * become Dates, and integers too large for a number become bigints.
 */
export const msgpack = defineFormat({
  description: 'not MessagePack',
  remedy: 'send MessagePack or choose another format',
  read(payload) {
    const { decode } = loadLibrary<typeof MessagePack>('@msgpack/msgpack');
    checkSizes(payload);
    return decode(payload, { useBigInt64: true, mapKeyConverter: keyText });
  },
  leaf,
});

/** The library returns every 64-bit integer as a bigint, and bytes as a Uint8Array. */
function leaf(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value !== 'object' || value === null || value instanceof Date) return exactNumber(value);
  throw new Error('it has an extension type that is not a timestamp');
}

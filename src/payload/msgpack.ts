import type * as MessagePack from '@msgpack/msgpack';
import { DecodeError } from '../errors.ts';
import { bounded } from './bounded.ts';
import { integer } from './integer.ts';
import { loadLibrary } from '../load-library.ts';

/**
 * One MessagePack value that takes all bytes: maps become objects, binary becomes Buffers, timestamps become dates, and
 * integers that a number cannot hold become bigints.
 */
export function msgpack(payload: Buffer): unknown {
  const { decode } = loadLibrary<typeof MessagePack>('@msgpack/msgpack');
  try {
    return bounded(plain(decode(payload, { useBigInt64: true, mapKeyConverter: keyOf })), payload);
  } catch (cause) {
    if (cause instanceof DecodeError) throw cause;
    const words = `${(cause as Error).message}: send MessagePack or choose another format`;
    throw new DecodeError(`the payload is not MessagePack: ${words}`, payload, { cause });
  }
}

function keyOf(key: unknown): string | number {
  if (typeof key === 'string' || typeof key === 'number') return key;
  if (typeof key === 'bigint') return String(key);
  throw new Error(`a key of a map is neither text nor a number but ${typeof key}`);
}

/** The library gives all 64-bit integers as bigints, and bytes that are not a Buffer. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return integer(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new Error('it has an extension type that is not a timestamp');
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

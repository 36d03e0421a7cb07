import { isDate, isMap, isNativeError, isSet, isUint8Array } from 'node:util/types';
import { SerializeError } from '../base/errors.ts';
import { isTagged } from './value-tags.ts';

/** State of the encoder: position, and remaining bytes. */
export interface Walk {
  /** Name of the root, for instance `msg`. */
  root: string;
  /** Path from the root to the current value, for instance `['payload', 'a', 3]`. */
  path: (string | number)[];
  /** Objects that contain the current value, outermost first. */
  ancestors: object[];
  /** Maximum size in bytes, and the bytes that are left. */
  limit: number;
  left: number;
  /** Text for errors: the value cannot be ... Default: "stored in a job" */
  purpose?: string;
}

/** Returns the state at `root`, for at most `limit` bytes. */
export function walkFrom(root: string, limit: number, purpose?: string): Walk {
  return { root, path: [], ancestors: [], limit, left: limit, ...(purpose !== undefined && { purpose }) };
}

const DEEPEST = 100;
const AWKWARD = /\0|\p{Surrogate}/u;
const SIZE_OF_OTHERS = 8;

/**
 * Encodes a value for JSON and every store. `decodeValue` and `flowerpower_values.py` decode it.
 *
 * Some values become objects with one key, a tag: Buffers (and other Uint8Arrays), dates, maps, sets, bigints, NaN,
 * infinities, -0, and strings with NUL characters or lone surrogates, which PostgreSQL's jsonb rejects. `undefined` is
 * omitted from objects and kept elsewhere. An error becomes a plain object. The size does not include JSON's escapes.
 *
 * @throws SerializeError, with the path, for a function, symbol, class instance or cycle, or too much depth or size
 */
export function encodeValue(value: unknown, walk: Walk): unknown {
  try {
    return encode(value, walk);
  } catch (error) {
    if (error instanceof SerializeError) throw error;
    throw refusal(walk, `reading it failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function encodeEntries(container: object, walk: Walk): [string, unknown][] {
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(container)) {
    if (value === undefined) continue;
    walk.path.push(key);
    spend(key.length, walk);
    entries.push([key, encode(value, walk)]);
    walk.path.pop();
  }
  return entries;
}

function encodeItems(items: Iterable<unknown>, walk: Walk): unknown[] {
  const encoded: unknown[] = [];
  for (const item of items) {
    walk.path.push(encoded.length);
    encoded.push(encode(item, walk));
    walk.path.pop();
  }
  return encoded;
}

function encode(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case 'string':
      return encodeText(value, walk);
    case 'number':
      return encodeNumber(value, walk);
    case 'bigint':
      return { $bigint: spent(value.toString(), walk) };
    case 'boolean':
      spend(SIZE_OF_OTHERS, walk);
      return value;
    case 'undefined':
      spend(SIZE_OF_OTHERS, walk);
      return { $undefined: true };
    case 'object':
      spend(SIZE_OF_OTHERS, walk);
      return value === null ? null : encodeObject(value, walk);
    case 'function':
    case 'symbol':
    default:
      throw refusal(walk, `it is a ${typeof value}`);
  }
}

function encodeText(text: string, walk: Walk): unknown {
  if (text.length > walk.left) throw tooLarge(walk);
  if (!AWKWARD.test(text)) return spent(text, walk);
  return { $string: spent(Buffer.from(text, 'utf16le').toString('base64'), walk) };
}

function encodeNumber(number: number, walk: Walk): unknown {
  spend(SIZE_OF_OTHERS, walk);
  if (Object.is(number, -0)) return { $number: '-0' };
  return Number.isFinite(number) ? number : { $number: String(number) };
}

function encodeObject(object: object, walk: Walk): unknown {
  if (isUint8Array(object)) return { $buffer: encodeBytes(object, walk) };
  if (isDate(object)) return { $date: Number.isNaN(object.getTime()) ? null : object.toISOString() };
  if (walk.ancestors.includes(object)) throw refusal(walk, 'it contains itself');
  if (walk.ancestors.length > DEEPEST) throw refusal(walk, `it lies more than ${DEEPEST} levels deep`);
  walk.ancestors.push(object);
  const encoded = encodeContainer(object, walk);
  walk.ancestors.pop();
  return encoded;
}

function encodeContainer(object: object, walk: Walk): unknown {
  if (Array.isArray(object)) return encodeItems(object, walk);
  if (isMap(object)) return { $map: encodeItems(object, walk) };
  if (isSet(object)) return { $set: encodeItems(object, walk) };
  if (isNativeError(object)) return encodeContainer(plainError(object), walk);
  if (!isPlain(object)) throw refusal(walk, `it is an instance of ${className(object)}`);
  const entries = encodeEntries(object, walk);
  const plain = Object.fromEntries(entries);
  if (entries.every(([key]) => isSafeKey(key)) && !isTagged(plain)) return plain;
  return { $object: entries.map(([key, value]) => [encodeText(key, walk), value]) };
}

/** Omits other properties: errors of HTTP clients contain sockets. */
function plainError({ name, message, stack, cause, code }: NodeJS.ErrnoException): object {
  return { name, message, stack, cause, code };
}

function encodeBytes(bytes: Uint8Array, walk: Walk): string {
  if (bytes.byteLength > walk.left) throw tooLarge(walk);
  return spent(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), walk);
}

/** Rejects `__proto__`, which would set the prototype of an object. */
function isSafeKey(key: string): boolean {
  return key !== '__proto__' && !AWKWARD.test(key);
}

/** Also accepts objects of function nodes: their realm has its own `Object.prototype`. */
export function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function className(object: object): string {
  const { name } = object.constructor;
  return name === '' ? 'a class' : name;
}

function spent(text: string, walk: Walk): string {
  spend(Buffer.byteLength(text) + 2, walk);
  return text;
}

function spend(bytes: number, walk: Walk): void {
  walk.left -= bytes;
  if (walk.left < 0) throw tooLarge(walk);
}

function tooLarge(walk: Walk): SerializeError {
  const reason = `with it there are more than ${walk.limit} bytes: send less, or only where the data can be found`;
  return refusal(walk, reason);
}

function refusal({ root, path, purpose }: Walk, reason: string): SerializeError {
  return new SerializeError(pathText(root, path), reason, purpose);
}

/** The way to a value, for instance `msg.payload.a[3]`. */
export function pathText(root: string, path: readonly (string | number)[]): string {
  const steps = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return `${root}${steps.join('')}`;
}

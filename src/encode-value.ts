import { isDate, isMap, isNativeError, isSet, isUint8Array } from 'node:util/types';
import { SerializeError } from './errors.ts';
import { isTagged } from './value-tags.ts';

/** Where the encoder is, and what is left of the limits. */
export interface Walk {
  /** What the way starts from, for instance `msg`. */
  root: string;
  /** From there to the value at hand, for instance `['payload', 'a', 3]`. */
  path: (string | number)[];
  /** The objects that hold the value at hand, outermost first. */
  holders: object[];
  /** Bytes that may be written in all, and those that are left. */
  limit: number;
  left: number;
  /** What is done with the value, for errors: it cannot be "stored in a job" unless another is given. */
  purpose?: string;
}

/** A walk that begins at `root`, and writes at most `limit` bytes. */
export function walkFrom(root: string, limit: number, purpose?: string): Walk {
  return { root, path: [], holders: [], limit, left: limit, ...(purpose !== undefined && { purpose }) };
}

const DEEPEST = 100;
const AWKWARD = /\0|\p{Surrogate}/u;
const SIZE_OF_OTHERS = 8;

/**
 * Turns a value into what JSON and every store can hold; `decodeValue` reads it back, and so does
 * `flowerpower_values.py`.
 *
 * Buffers (and other Uint8Arrays), dates, maps, sets, bigints, NaN, infinities, -0, and strings with NUL characters
 * or lone surrogates (which PostgreSQL's jsonb refuses) become objects with one key, a tag. `undefined` is left out of
 * an object and kept elsewhere. An error becomes a plain object. Size is counted without what JSON adds to escape
 * characters.
 *
 * @throws SerializeError for a function, symbol, class instance, cycle, too much depth or size; it names the path
 */
export function encodeValue(value: unknown, walk: Walk): unknown {
  try {
    return encode(value, walk);
  } catch (error) {
    if (error instanceof SerializeError) throw error;
    throw refusal(walk, `reading it failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function encodeEntries(holder: object, walk: Walk): [string, unknown][] {
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(holder)) {
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
  if (walk.holders.includes(object)) throw refusal(walk, 'it holds itself');
  if (walk.holders.length > DEEPEST) throw refusal(walk, `it lies more than ${DEEPEST} levels deep`);
  walk.holders.push(object);
  const encoded = encodeHolder(object, walk);
  walk.holders.pop();
  return encoded;
}

function encodeHolder(object: object, walk: Walk): unknown {
  if (Array.isArray(object)) return encodeItems(object, walk);
  if (isMap(object)) return { $map: encodeItems(object, walk) };
  if (isSet(object)) return { $set: encodeItems(object, walk) };
  if (isNativeError(object)) return encodeHolder(plainError(object), walk);
  if (!isPlain(object)) throw refusal(walk, `it is an instance of ${className(object)}`);
  const entries = encodeEntries(object, walk);
  const plain = Object.fromEntries(entries);
  if (entries.every(([key]) => isSafeKey(key)) && !isTagged(plain)) return plain;
  return { $object: entries.map(([key, value]) => [encodeText(key, walk), value]) };
}

/** Other properties stay behind: errors of HTTP clients hold sockets. */
function plainError({ name, message, stack, cause, code }: NodeJS.ErrnoException): object {
  return { name, message, stack, cause, code };
}

function encodeBytes(bytes: Uint8Array, walk: Walk): string {
  if (bytes.byteLength > walk.left) throw tooLarge(walk);
  return spent(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), walk);
}

/** Setting this key of an object would set its prototype. */
function isSafeKey(key: string): boolean {
  return key !== '__proto__' && !AWKWARD.test(key);
}

/** A function node's objects come from another realm, with an `Object.prototype` of their own. */
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

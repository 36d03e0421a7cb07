import { isUtf8 } from 'node:buffer';
import { GiveUpError } from '../errors.ts';
import type { ArrowDecoder } from './arrow/arrow.ts';
import type { Decoded } from './decoded.ts';
import { json } from './json.ts';
import { msgpack } from './msgpack.ts';
import { pickle } from './pickle/pickle.ts';
import { text } from './text.ts';
import { yaml } from './yaml.ts';

/** What a payload turned out to be. */
export interface Detected {
  format: Try['format'] | 'buffer';
  decoded: Decoded;
}

interface Try {
  format: 'json' | 'msgpack' | 'yaml' | 'pyarrow' | 'pickle' | 'text';
  /** Whether the bytes look like this format; missing where that takes a whole read. */
  isLike?: (payload: Buffer) => boolean;
  /** Gives nothing, or throws, when they are not. */
  decode: (payload: Buffer, arrow: ArrowDecoder) => Decoded | undefined | Promise<Decoded>;
}

/** In flowerpower-mqtt's order; a format is only tried on bytes that cannot be one of those before it. */
const tries: Try[] = [
  { format: 'json', decode: json },
  { format: 'msgpack', isLike: isLikeMsgpack, decode: msgpack },
  { format: 'yaml', isLike: isLikeYaml, decode: yamlHolder },
  { format: 'pyarrow', isLike: isLikeArrow, decode: (payload, arrow) => arrow.decode(payload) },
  { format: 'pickle', isLike: isLikePickle, decode: pickle },
  { format: 'text', decode: (payload) => ({ payload: text(payload) }) },
];

/** Finds out what a payload is, by the rules in docs/formats.md; what is nothing else is its bytes. */
export async function auto(payload: Buffer, arrow: ArrowDecoder): Promise<Detected> {
  for (const { format, isLike, decode } of tries) {
    if (isLike && !isLike(payload)) continue;
    try {
      const decoded = await decode(payload, arrow);
      if (decoded) return { format, decoded };
    } catch (error) {
      // Of another format, or its package is missing.
      if (!(error instanceof GiveUpError)) throw error;
    }
  }
  return { format: 'buffer', decoded: { payload } };
}

/** Begins a map or a list, and is no text: 0xdc to 0xdf also begin letters. Two bytes begin a pickle. */
function isLikeMsgpack(payload: Buffer): boolean {
  const first = payload[0] ?? 0;
  const isHolder = (first >= 0x80 && first <= 0x9f) || (first >= 0xdc && first <= 0xdf);
  return isHolder && payload.length > 1 && !isUtf8(payload) && !isLikePickle(payload);
}

/** Protocol 2 and newer; a pickle of protocol 0 or 1 looks like text. */
function isLikePickle(payload: Buffer): boolean {
  return payload.length > 3 && payload[0] === 0x80 && (payload[1] ?? 9) <= 5 && payload.at(-1) === 0x2e;
}

/** A file's magic, or the continuation marker of a stream and a length that fits. */
function isLikeArrow(payload: Buffer): boolean {
  if (payload.subarray(0, 6).toString('latin1') === 'ARROW1') return true;
  return (
    payload.length > 8 && payload.readUInt32LE() === 0xff_ff_ff_ff && payload.readUInt32LE(4) < payload.length
  );
}

const MARKER = /^(%YAML[^\n]*\n)?---(\s|$)/;
const BEGINNING = /^([A-Za-z_][\w.-]*:|- )/;

/** Begins with the marker `---`, or has at least two lines and begins like a list or like a map whose keys are names. */
function isLikeYaml(payload: Buffer): boolean {
  if (!isUtf8(payload)) return false;
  const source = text(payload);
  return MARKER.test(source) || (BEGINNING.test(source) && source.trim().includes('\n'));
}

/**
 * A list or a map, and without a marker only if all keys are names: a sentence with a colon is text, and what follows
 * three dashes may be anything.
 */
function yamlHolder(payload: Buffer): Decoded | undefined {
  const decoded = yaml(payload);
  const value = decoded.payload;
  if (typeof value !== 'object' || value === null) return undefined;
  const isOurs = Array.isArray(value) || MARKER.test(text(payload)) || Object.keys(value).every(isName);
  return isOurs ? decoded : undefined;
}

function isName(key: string): boolean {
  return /^[A-Za-z_][\w.-]*$/.test(key);
}

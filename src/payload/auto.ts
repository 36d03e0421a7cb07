import { isUtf8 } from 'node:buffer';
import { GiveUpError } from '../base/errors.ts';
import type { ArrowDecoder } from './arrow/arrow.ts';
import type { Decoded } from './define-format.ts';
import { json } from './json.ts';
import { msgpack } from './msgpack.ts';
import { pickle } from './pickle/pickle.ts';
import { text } from './text.ts';
import { yaml } from './yaml.ts';

/** A decoded payload and the format that was detected. */
interface Detected {
  format: Try['format'] | 'buffer';
  decoded: Decoded;
}

interface Try {
  format: 'json' | 'msgpack' | 'yaml' | 'pyarrow' | 'pickle' | 'text';
  /** Returns whether the bytes look like this format; missing for formats that only decoding can tell. */
  isLike?: (payload: Buffer) => boolean;
  /** Returns undefined or throws if the bytes are of another format. */
  decode: (payload: Buffer, arrow: ArrowDecoder) => Decoded | undefined | Promise<Decoded>;
}

/** The formats in the order in which flowerpower-mqtt tries them. */
const tries: Try[] = [
  { format: 'json', decode: json },
  { format: 'msgpack', isLike: isLikeMsgpack, decode: msgpack },
  { format: 'yaml', isLike: isLikeYaml, decode: yamlContainer },
  { format: 'pyarrow', isLike: isLikeArrow, decode: (payload, arrow) => arrow.decode(payload) },
  { format: 'pickle', isLike: isLikePickle, decode: pickle },
  { format: 'text', decode: (payload) => ({ payload: text(payload) }) },
];

/** Detects the format by the rules in docs/formats.md and decodes the payload; keeps the bytes if no format matches. */
export async function auto(payload: Buffer, arrow: ArrowDecoder): Promise<Detected> {
  for (const { format, isLike, decode } of tries) {
    if (isLike && !isLike(payload)) continue;
    try {
      const decoded = await decode(payload, arrow);
      if (decoded) return { format, decoded };
    } catch (error) {
      // The payload has another format, or the optional package is missing.
      if (!(error instanceof GiveUpError)) throw error;
    }
  }
  return { format: 'buffer', decoded: { payload } };
}

/**
 * The bytes start like a map or a list. Not text: 0xdc to 0xdf also start UTF-8 letters. Not a pickle: it may start
 * with 0x80 too.
 */
function isLikeMsgpack(payload: Buffer): boolean {
  const first = payload[0] ?? 0;
  const isContainer = (first >= 0x80 && first <= 0x9f) || (first >= 0xdc && first <= 0xdf);
  return isContainer && payload.length > 1 && !isUtf8(payload) && !isLikePickle(payload);
}

/** Detects protocol 2 and later; pickles of protocol 0 and 1 look like text. */
function isLikePickle(payload: Buffer): boolean {
  return payload.length > 3 && payload[0] === 0x80 && (payload[1] ?? 9) <= 5 && payload.at(-1) === 0x2e;
}

/** An Arrow file starts with ARROW1; a stream with the continuation marker and a length below that of the payload. */
function isLikeArrow(payload: Buffer): boolean {
  if (payload.subarray(0, 6).toString('latin1') === 'ARROW1') return true;
  return (
    payload.length > 8 && payload.readUInt32LE() === 0xff_ff_ff_ff && payload.readUInt32LE(4) < payload.length
  );
}

const MARKER = /^(%YAML[^\n]*\n)?---(\s|$)/;
const BEGINNING = /^([A-Za-z_][\w.-]*:|- )/;

/** The text starts with `---`, or has at least two lines and starts with `- ` or with a name and a colon. */
function isLikeYaml(payload: Buffer): boolean {
  if (!isUtf8(payload)) return false;
  const source = text(payload);
  return MARKER.test(source) || (BEGINNING.test(source) && source.trim().includes('\n'));
}

/**
 * Accepts lists and maps. Without the marker `---`, every key of a map must be a name, because a sentence with a colon
 * is text.
 */
function yamlContainer(payload: Buffer): Decoded | undefined {
  const decoded = yaml(payload);
  const value = decoded.payload;
  if (typeof value !== 'object' || value === null) return undefined;
  const isYaml = Array.isArray(value) || MARKER.test(text(payload)) || Object.keys(value).every(isName);
  return isYaml ? decoded : undefined;
}

function isName(key: string): boolean {
  return /^[A-Za-z_][\w.-]*$/.test(key);
}

import { isUtf8 } from 'node:buffer';
import { DecodeError, GiveUpError } from '../errors.ts';
import { json } from './json.ts';
import { msgpack } from './msgpack.ts';
import { pickle } from './pickle/pickle.ts';
import type { ArrowDecoder } from './arrow/arrow.ts';
import { text } from './text.ts';
import { yaml } from './yaml.ts';

export type Detected = {
  format: 'json' | 'yaml' | 'msgpack' | 'pickle' | 'pyarrow' | 'text' | 'buffer';
  value: unknown;
};

type Try = (payload: Buffer, arrow: ArrowDecoder) => Detected | undefined | Promise<Detected>;

/** In flowerpower-mqtt's order; a format is only tried on bytes that cannot be one of those before it. */
const tries: Try[] = [
  (payload) => ({ format: 'json', value: json(payload) }),
  (payload) => (isMsgpack(payload) ? { format: 'msgpack', value: msgpack(payload) } : undefined),
  (payload) => yamlHolder(payload),
  (payload, arrow) => (isArrow(payload) ? table(payload, arrow) : undefined),
  (payload) => (isPickle(payload) ? { format: 'pickle', value: pickle(payload) } : undefined),
  (payload) => ({ format: 'text', value: text(payload) }),
];

/** Finds out what a payload is, by the rules in docs/formats.md; what is nothing else is its bytes. Never an error. */
export async function auto(payload: Buffer, arrow: ArrowDecoder): Promise<Detected> {
  for (const attempt of tries) {
    try {
      const detected = await attempt(payload, arrow);
      if (detected) return detected;
    } catch (error) {
      // Of another format, or its library is missing.
      if (!(error instanceof DecodeError || error instanceof GiveUpError)) throw error;
    }
  }
  return { format: 'buffer', value: payload };
}

async function table(payload: Buffer, arrow: ArrowDecoder): Promise<Detected> {
  return { format: 'pyarrow', value: await arrow.decode(payload) };
}

/** A map or list that is no text; two bytes begin a pickle. */
function isMsgpack(payload: Buffer): boolean {
  const first = payload[0] ?? 0;
  const isHolder = (first >= 0x80 && first <= 0x9f) || (first >= 0xdc && first <= 0xdf);
  return isHolder && payload.length > 1 && !isUtf8(payload) && !isPickle(payload);
}

/** Protocol 2 and newer; a pickle of protocol 0 or 1 looks like text. */
function isPickle(payload: Buffer): boolean {
  return payload.length > 3 && payload[0] === 0x80 && (payload[1] ?? 9) <= 5 && payload.at(-1) === 0x2e;
}

/** A file's magic, or the continuation marker of a stream and a length that fits. */
function isArrow(payload: Buffer): boolean {
  if (payload.subarray(0, 6).toString('latin1') === 'ARROW1') return true;
  return (
    payload.length > 8 && payload.readUInt32LE() === 0xff_ff_ff_ff && payload.readUInt32LE(4) < payload.length
  );
}

const MARKER = /^(%YAML[^\n]*\n)?---(\s|$)/;
const NAME = /^[A-Za-z_][\w.-]*$/;
const LINES = /^([A-Za-z_][\w.-]*:|- ).*\n./s;

/**
 * A map or a list with its marker `---`, or of at least two lines and with names for keys: a sentence with a colon is
 * text, and so is what follows a line of dashes.
 */
function yamlHolder(payload: Buffer): Detected | undefined {
  const source = text(payload).trimEnd();
  const isMarked = MARKER.test(source);
  if (!isMarked && !LINES.test(source)) return undefined;
  const value = yaml(payload);
  if (typeof value !== 'object' || value === null) return undefined;
  const isData = isMarked || Array.isArray(value) || Object.keys(value).every((key) => NAME.test(key));
  return isData ? { format: 'yaml', value } : undefined;
}

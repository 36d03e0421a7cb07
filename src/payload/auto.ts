import { DecodeError, GiveUpError } from '../errors.ts';
import { json } from './json.ts';
import { msgpack } from './msgpack.ts';
import { pickle } from './pickle/pickle.ts';
import type { ArrowDecoder } from './arrow/arrow.ts';
import { text } from './text.ts';
import { parse, yaml } from './yaml.ts';

export type Detected = {
  format: 'json' | 'yaml' | 'msgpack' | 'pickle' | 'pyarrow' | 'text' | 'buffer';
  value: unknown;
};

type Try = (payload: Buffer, arrow: ArrowDecoder) => Detected | undefined | Promise<Detected>;

/** In flowerpower-mqtt's order; a format is only tried on bytes that cannot be one of those before it. */
const tries: Try[] = [
  (payload) => ({ format: 'json', value: json(payload) }),
  (payload) => (isMsgpack(payload) ? { format: 'msgpack', value: msgpack(payload) } : undefined),
  (payload) => (isYaml(payload) ? { format: 'yaml', value: yaml(payload) } : undefined),
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

/** A map or list: its first byte cannot begin a text in UTF-8, so no text is MessagePack. Two bytes begin a pickle. */
function isMsgpack(payload: Buffer): boolean {
  const first = payload[0] ?? 0;
  const isHolder = (first >= 0x80 && first <= 0x9f) || (first >= 0xdc && first <= 0xdf);
  return isHolder && payload.length > 1 && !isPickle(payload);
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

/**
 * A document with its marker `---`, or at least two lines that are a map whose keys are names, or a list: a sentence with
 * a colon is text.
 */
function isYaml(payload: Buffer): boolean {
  const source = text(payload);
  if (MARKER.test(source)) return true;
  if (!/^([A-Za-z_][\w.-]*:|- )/.test(source) || !source.trim().includes('\n')) return false;
  const document = parse(payload);
  if (document.errors.length > 0) return false;
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (Array.isArray(value)) return true;
  return typeof value === 'object' && value !== null && Object.keys(value).every((key) => NAME.test(key));
}

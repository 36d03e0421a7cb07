import { isScalar, parseDocument, visit, type Document } from 'yaml';
import { DecodeError } from '../errors.ts';
import { yamlMistake } from '../yaml-bounds.ts';
import { bounded } from './bounded.ts';
import { integer } from './integer.ts';
import { text } from './text.ts';

const LARGEST = 128 * 1024;

/** One YAML 1.2 document of at most 128 KiB; integers of any size, no tags but those of the core schema. */
export function yaml(payload: Buffer): unknown {
  const document = parse(payload);
  const [error] = [...document.errors, ...document.warnings];
  if (error) throw refusal(error.message, payload);
  const twice = keyThatIsThereTwice(document);
  if (twice !== undefined) throw refusal(`the key ${twice} is there twice`, payload);
  try {
    return bounded(withoutBigints(document.toJS({ maxAliasCount: 100 })), payload);
  } catch (cause) {
    throw cause instanceof DecodeError ? cause : refusal((cause as Error).message, payload);
  }
}

/** The document, with its errors. */
function parse(payload: Buffer): Document {
  const source = text(payload);
  if (source.length > LARGEST) throw refusal(`it is larger than ${LARGEST / 1024} KiB`, payload);
  const mistake = yamlMistake(source);
  if (mistake !== undefined) throw refusal(mistake, payload);
  return parseDocument(source, {
    prettyErrors: false,
    logLevel: 'error',
    intAsBigInt: true,
    // The library would compare each key with each other one.
    uniqueKeys: false,
  });
}

function keyThatIsThereTwice(document: Document): string | undefined {
  let found: string | undefined;
  visit(document, {
    Map(_key, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        const value = isScalar(key) ? key.value : key;
        if (keys.has(value) && value !== '<<') found ??= String(value);
        keys.add(value);
      }
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
}

/** Integers come as bigints; most can be numbers. */
function withoutBigints(value: unknown): unknown {
  if (typeof value === 'bigint') return integer(value);
  if (Array.isArray(value)) return value.map(withoutBigints);
  if (typeof value !== 'object' || value === null) return value;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'bigint' || typeof inner === 'object') {
      Object.defineProperty(value, name, { value: withoutBigints(inner) });
    }
  }
  return value;
}

function refusal(words: string, payload: Buffer): DecodeError {
  return new DecodeError(
    `the payload is not YAML: ${words}: send one YAML document or choose the format text`,
    payload,
  );
}

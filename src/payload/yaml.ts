import { isScalar, parseDocument, visit, type Document } from 'yaml';
import { withoutStackTraces } from '../base/without-stack-traces.ts';
import { yamlMistake } from '../base/yaml-bounds.ts';
import { defineFormat, exactNumber } from './define-format.ts';
import { text } from './text.ts';

const LARGEST = 256 * 1024;

/** Reads one YAML 1.2 document of at most 256 KiB, with integers of any size and the tags of the core schema. */
export const yaml = defineFormat({
  description: 'not YAML',
  remedy: 'send one YAML document or choose the format text',
  read(payload) {
    const document = parse(text(payload));
    const [error] = [...document.errors, ...document.warnings];
    if (error) throw error;
    checkKeys(document);
    // The parser's own limit searches all nodes for each alias, which is quadratic. bounded() limits the result instead.
    return document.toJS({ maxAliasCount: -1 });
  },
  leaf: exactNumber,
});

function parse(source: string): Document {
  if (source.length > LARGEST) throw new Error(`it is larger than ${LARGEST / 1024} KiB`);
  const mistake = yamlMistake(source);
  if (mistake !== undefined) throw new Error(mistake);
  const options = { prettyErrors: false, logLevel: 'error', intAsBigInt: true, uniqueKeys: false } as const;
  return withoutStackTraces(() => parseDocument(source, options));
}

/** The parser's own check compares every key of a map with every other, which is quadratic. */
function checkKeys(document: Document): void {
  visit(document, {
    Map(_key, { items }) {
      const names = new Set<string>();
      for (const { key } of items) {
        const name = nameOf(key);
        if (names.has(name)) throw new Error(`duplicate key ${name}`);
        names.add(name);
      }
    },
  });
}

/** Returns the property name that the parser gives a key. */
function nameOf(key: unknown): string {
  if (key !== null && !isScalar<string | number | bigint | boolean | null>(key))
    throw new Error('the key of a map is a list, a map or an alias: use text');
  return String(key?.value ?? '');
}

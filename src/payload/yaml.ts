import { isScalar, parseDocument, visit, type Document } from 'yaml';
import { withoutStackTraces } from '../without-stack-traces.ts';
import { yamlMistake } from '../yaml-bounds.ts';
import { exactNumber } from './exact-number.ts';
import { reader } from './reader.ts';
import { text } from './text.ts';

const LARGEST = 256 * 1024;

/** One YAML 1.2 document of at most 256 KiB; integers of any size, no tags but those of the core schema. */
export const yaml = reader({
  otherwise: 'not YAML',
  remedy: 'send one YAML document or choose the format text',
  read(payload) {
    const document = parse(text(payload));
    const [error] = [...document.errors, ...document.warnings];
    if (error) throw error;
    checkKeys(document);
    // The parser would look for each alias among all nodes; what aliases grow to is bounded afterwards.
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

/** The parser would compare each key of a map with each other. */
function checkKeys(document: Document): void {
  visit(document, {
    Map(_key, { items }) {
      const names = new Set<string>();
      for (const { key } of items) {
        const name = nameOf(key);
        if (names.has(name)) throw new Error(`the key ${name} is in a map twice`);
        names.add(name);
      }
    },
  });
}

/** As the parser names the property. */
function nameOf(key: unknown): string {
  if (key !== null && !isScalar<string | number | bigint | boolean | null>(key))
    throw new Error('a key of a map is no text but a list, a map or an alias');
  return String(key?.value ?? '');
}

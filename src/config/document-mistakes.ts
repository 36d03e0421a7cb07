import { isMap, isScalar, visit, type Document, type Node, type YAMLMap } from 'yaml';
import { aliasMistakes } from './alias-mistakes.ts';

const MOST_KEYS = 1000;
const TAGS = ['!', ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(inFull)];

/** A mistake at an offset of the text. */
export interface Mistake {
  offset: number;
  message: string;
}

/**
 * Finds what YAML allows but a config does not: unknown tags, keys other than text, duplicate keys, too many keys or
 * values.
 */
export function documentMistakes(document: Document): Mistake[] {
  const mistakes: Mistake[] = [];
  visit(document, {
    Node(_key, node) {
      if (node.tag !== undefined && !TAGS.includes(node.tag)) mistakes.push(unknownTag(node));
      if (isMap(node)) mistakes.push(...keyMistakes(node));
    },
  });
  mistakes.push(...aliasMistakes(document));
  return mistakes.toSorted((a, b) => a.offset - b.offset);
}

/** The YAML library's own check compares every key of a map with every other, which is quadratic. */
function keyMistakes(map: YAMLMap): Mistake[] {
  const { length } = map.items;
  if (length > MOST_KEYS) {
    return [{ offset: offsetOf(map), message: `a map may have at most ${MOST_KEYS} keys, found ${length}` }];
  }
  const seen = new Set<string>();
  return (map.items as { key: Node | null }[]).flatMap(({ key }) => {
    const message = keyMistake(key, seen);
    return message === undefined ? [] : [{ offset: offsetOf(key ?? map), message }];
  });
}

function keyMistake(key: Node | null, seen: Set<string>): string | undefined {
  if (key !== null && !isScalar(key)) return 'a key must be text';
  const value = (key?.value ?? '') as string | number | boolean | symbol;
  // The merge key << may be repeated.
  if (typeof value === 'symbol') return undefined;
  const name = String(value);
  if (seen.has(name)) return `duplicate key ${name}`;
  seen.add(name);
  return undefined;
}

function unknownTag(node: Node): Mistake {
  const tag = (node.tag ?? '').replace(inFull(''), '!!');
  const message = `unknown tag ${tag}: write the value itself, or \${NAME} for an environment variable`;
  return { offset: offsetOf(node), message };
}

function inFull(name: string): string {
  return `tag:yaml.org,2002:${name}`;
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

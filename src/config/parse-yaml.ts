import { isMap, isScalar, LineCounter, parseAllDocuments, type Document, type YAMLError } from 'yaml';
import { yamlMistake } from '../yaml-bounds.ts';
import type { Problem } from './config.ts';

const MOST_BYTES = 128 * 1024;
const MOST_ALIASES = 100;

/** Where something is, from 1. */
export interface Place {
  line: number;
  column: number;
}

/** A step of the way through a file: a key or an index. */
export type Path = (string | number)[];

export interface Parsed {
  /** Plain data; undefined when the text is no YAML. */
  data: unknown;
  problems: Problem[];
  /** Where a value is, or what holds it if an alias or merge key brought it here. */
  placeOf(path: Path): Place;
  /** Where a key is. */
  placeOfKey(path: Path): Place;
}

/** Reads one YAML 1.2 document of at most 128 KiB, with anchors, aliases (bounded) and merge keys. */
export function parseYaml(text: string): Parsed {
  const lines = new LineCounter();
  const refused = (message: string): Parsed => ({
    data: undefined,
    problems: [{ severity: 'error', path: '', line: 1, column: 1, message }],
    placeOf: start,
    placeOfKey: start,
  });
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return refused(`the file is larger than ${MOST_BYTES / 1024} KiB: is it the right one?`);
  }
  const mistake = yamlMistake(text);
  if (mistake !== undefined) return refused(`the file cannot be read: ${mistake}`);
  try {
    const options = { lineCounter: lines, prettyErrors: false, merge: true, logLevel: 'silent' } as const;
    const documents = parseAllDocuments(text, options);
    const [document, other] = Array.isArray(documents) ? documents : [];
    if (!document || isEmpty(document)) return refused('the file is empty: it needs subscriptions at least');
    return parsed(document, other, lines);
  } catch (error) {
    return refused(`the file cannot be read as YAML: ${(error as Error).message}`);
  }
}

function parsed(document: Document, other: Document | undefined, lines: LineCounter): Parsed {
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problem = ({ message, pos }: YAMLError): Problem => ({
    severity: 'error',
    path: '',
    ...at(pos[0]),
    message,
  });
  const problems = document.errors.map(problem);
  if (other) {
    const message = 'a second document begins here: a config is one document, so remove what follows ---';
    problems.push({ severity: 'error', path: '', ...at(other.range?.[0] ?? 0), message });
  }
  return {
    data: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: MOST_ALIASES }),
    problems,
    placeOf: (path) => at(offsetOf(document, path)),
    placeOfKey: (path) => at(offsetOfKey(document, path) ?? offsetOf(document, path)),
  };
}

function start(): Place {
  return { line: 1, column: 1 };
}

function isEmpty(document: Document): boolean {
  return document.errors.length === 0 && (document.contents === null || document.toJS() === null);
}

function offsetOf(document: Document, path: Path): number {
  const node: unknown = document.getIn(path, true);
  const { range } = Object(node) as { range?: [number, number, number] };
  if (range) return range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}

function offsetOfKey(document: Document, path: Path): number | undefined {
  const map: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return undefined;
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return (pair?.key as { range?: [number] } | undefined)?.range?.[0];
}

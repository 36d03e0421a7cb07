import { isMap, isScalar, LineCounter, parseAllDocuments, type Document } from 'yaml';
import { withoutStackTraces } from '../base/without-stack-traces.ts';
import { yamlMistake } from '../base/yaml-bounds.ts';
import { documentMistakes } from './document-mistakes.ts';
import type { Finding, Place } from './problems.ts';

const MOST_BYTES = 128 * 1024;

/** Keys and indexes that lead to a value. */
export type Path = (string | number)[];

export interface Parsed {
  /** Plain data; undefined if there is an error. */
  data: unknown;
  findings: Finding[];
  /** Returns the place of a value, or of its parent if the value comes from an alias or a merge key. */
  placeOf(path: Path): Place;
  /** Returns the place of a key. */
  placeOfKey(path: Path): Place;
}

/** Reads one YAML 1.2 document of at most 128 KiB, with anchors, aliases (bounded) and merge keys. */
export function parseYaml(text: string): Parsed {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return refused(`the file is larger than ${MOST_BYTES / 1024} KiB: is it the right one?`);
  }
  const mistake = yamlMistake(text);
  if (mistake !== undefined) return refused(`the file cannot be read: ${mistake}`);
  try {
    return parse(text);
  } catch (error) {
    return refused(`the file cannot be read as YAML: ${(error as Error).message}`);
  }
}

function refused(message: string): Parsed {
  const start = () => ({ line: 1, column: 1 });
  const finding: Finding = { severity: 'error', path: '', place: start, message: () => message };
  return { data: undefined, findings: [finding], placeOf: start, placeOfKey: start };
}

function parse(text: string): Parsed {
  const lineCounter = new LineCounter();
  const options = { prettyErrors: false, merge: true, uniqueKeys: false, logLevel: 'silent' } as const;
  const documents = withoutStackTraces(() => parseAllDocuments(text, { ...options, lineCounter }));
  const [document, other] = Array.isArray(documents) ? documents : [];
  if (!document || isEmpty(document)) return refused('the file is empty: add subscriptions');
  const at = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  const findings = findingsIn(document, other, at);
  return {
    data: findings.some(({ severity }) => severity === 'error')
      ? undefined
      : document.toJS({ maxAliasCount: -1 }),
    findings,
    placeOf: (path) => at(offsetOf(document, path)),
    placeOfKey: (path) => at(offsetOfKey(document, path) ?? offsetOf(document, path)),
  };
}

function isEmpty({ errors, contents }: Document): boolean {
  return errors.length === 0 && (contents === null || (isScalar(contents) && contents.value === null));
}

function findingsIn(
  document: Document,
  other: Document | undefined,
  at: (offset: number) => Place,
): Finding[] {
  const finding = (severity: Finding['severity'], offset: number, message: string): Finding => ({
    severity,
    path: '',
    place: () => at(offset),
    message: () => message,
  });
  const second = 'a second document begins here: remove everything after ---';
  // documentMistakes() already reports unknown tags.
  const warnings = document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED');
  return [
    ...document.errors.map(({ pos, message }) => finding('error', pos[0], message)),
    ...documentMistakes(document).map(({ offset, message }) => finding('error', offset, message)),
    ...warnings.map(({ pos, message }) => finding('warning', pos[0], message)),
    ...(other ? [finding('error', other.range?.[0] ?? 0, second)] : []),
  ];
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

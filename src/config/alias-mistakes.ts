import { isAlias, isCollection, isPair, type Alias, type Document } from 'yaml';
import type { Mistake } from './document-mistakes.ts';

const MOST_VALUES = 10_000;

/** Number of values of each anchor; undefined while the anchored node is being visited. */
type Anchors = Map<string, number | undefined>;

/**
 * Finds invalid aliases of a document: without an anchor before them, inside their own anchor, or expanding to too many
 * values, as nested aliases can.
 *
 * The YAML library's own check searches all nodes for each nested alias, which is quadratic.
 */
export function aliasMistakes(document: Document): Mistake[] {
  const mistakes: Mistake[] = [];
  valuesOf(document.contents, new Map(), mistakes);
  return mistakes;
}

function valuesOf(node: unknown, anchors: Anchors, mistakes: Mistake[]): number {
  if (isAlias(node)) return valuesOfAlias(node, anchors, mistakes);
  if (isPair(node)) return valuesOf(node.key, anchors, mistakes) + valuesOf(node.value, anchors, mistakes);
  const { anchor } = Object(node) as { anchor?: string };
  if (anchor !== undefined) anchors.set(anchor, undefined);
  let values = 1;
  if (isCollection(node)) for (const item of node.items) values += valuesOf(item, anchors, mistakes);
  if (anchor !== undefined) anchors.set(anchor, values);
  return values;
}

function valuesOfAlias(alias: Alias, anchors: Anchors, mistakes: Mistake[]): number {
  const values = anchors.get(alias.source) ?? 0;
  const message = aliasMistake(alias.source, values, anchors);
  if (message === undefined) return values;
  mistakes.push({ offset: alias.range?.[0] ?? 0, message });
  return 0;
}

function aliasMistake(source: string, values: number, anchors: Anchors): string | undefined {
  if (!anchors.has(source)) return `the alias *${source} has no anchor &${source} before it`;
  if (values === 0) return `the alias *${source} is within its own anchor &${source}`;
  if (values > MOST_VALUES) return `the alias *${source} expands to more than ${MOST_VALUES} values`;
  return undefined;
}

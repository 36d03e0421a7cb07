import { isAlias, isCollection, isPair, type Alias, type Document } from 'yaml';
import type { Mistake } from './document-mistakes.ts';

const MOST_VALUES = 10_000;

/** How many values an anchor stands for; none while what it is attached to has not ended. */
type Anchors = Map<string, number | undefined>;

/**
 * What is wrong with the aliases of a document: no anchor before them, or around them; or they make too much of it, as
 * "ten times this" ten times over does.
 *
 * The YAML library would look for each alias in an alias among all nodes to find that out.
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
  if (values > MOST_VALUES) return `the alias *${source} stands for more than ${MOST_VALUES} values`;
  return undefined;
}

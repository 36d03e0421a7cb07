import type { Stored } from '../../src/options/rule.ts';
import { red } from './red.ts';

/** The name of a queue by the id of its config node, for the label of a node that uses it. */
export function queueLabel(id: string): string {
  const { name, queue_name } = Object(red.nodes.node(id)) as Stored;
  return [name, queue_name].find((text): text is string => typeof text === 'string' && text !== '') ?? '';
}

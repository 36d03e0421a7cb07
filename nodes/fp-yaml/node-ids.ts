import { createHash } from 'node:crypto';
import { idPart } from './id-part.ts';

/**
 * Returns a function that makes node IDs: the same for the same tab and key, so that a repeated import finds its nodes.
 */
export function nodeIds(tab: string): (key: string) => string {
  const given = new Map<string, number>();
  const first = hash(`tab/${tab}`);
  return (key) => {
    const count = (given.get(key) ?? 0) + 1;
    given.set(key, count);
    return first + hash(`${key}/${count}`);
  };
}

function hash(text: string): string {
  return idPart(createHash('sha256').update(text).digest('hex'));
}
